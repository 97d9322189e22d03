#!/usr/bin/env python3
"""Vérifie un export du journal de Jaabi avec ses points de contrôle signés. Ne demande rien d'autre à Jaabi.

    pip install cryptography
    python3 verify_audit.py --key CLÉ --points points.jsonl --witness courriels.txt journal.jsonl [coffre.jsonl]

--key      la clé publique, telle que votre organisation l'a reçue la première fois
--points   les points de contrôle que la plateforme montre aujourd'hui (mois bout à bout)
--witness  ceux que votre organisation a gardés : le texte des courriels, ou ce que l'API a donné (répétable)
--partial  l'export d'une organisation : un point ouvert par jour, les lignes des autres par leur seule empreinte

Dit « OK » et rend 0, ou dit chaque défaut et rend 1. What is hashed, byte for byte: docs/audit.md.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from array import array
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from math import isnan
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Line = dict[str, Any]
NOTHING_BEFORE = "0" * 64
# A row may be committed this long after it was written; clocks of two machines may differ by this much.
LATE, CLOCKS = timedelta(hours=1), timedelta(minutes=5)
EPOCH, UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC), float("nan")


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def spelled(purpose: str, *parts: Any) -> bytes:
    return "\n".join([f"jaabi-audit-{purpose}", *map(str, parts)]).encode()


def digest(purpose: str, *parts: Any) -> str:
    return hashlib.sha256(spelled(purpose, *parts)).hexdigest()


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def microseconds(moment: datetime) -> float:
    return (moment - EPOCH) / timedelta(microseconds=1)


def objects(text: str) -> list[Line]:
    """The JSON objects of a text, one a line; other lines (of a mail) are passed over."""
    return [json.loads(line) for line in text.split("\n") if line.startswith("{")]


def objects_in(path: Path) -> Iterator[Line]:
    """Those of a file that may be larger than the memory, as they are read."""
    with path.open(encoding="utf-8", newline="\n") as file:
        yield from (json.loads(line) for line in file if line.startswith("{"))


def statement(point: Line) -> bytes:
    """What was signed of a checkpoint."""
    return spelled("checkpoint", canonical({name: said for name, said in point.items() if name != "signatures"}))


def signers(point: Line) -> set[str]:
    """The keys of a checkpoint whose signature holds."""
    found = set()
    for key, signature in zip(point["keys"], point["signatures"], strict=False):
        try:
            public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key))
            public.verify(base64.urlsafe_b64decode(signature), statement(point))
        except (InvalidSignature, ValueError):
            continue
        found.add(key)
    return found


def check_points(points: list[Line], key: str, kept: list[Line]) -> Iterator[str]:
    """The faults of the checkpoints: signatures, their own chain, and each one that a witness kept."""
    trusted, before = {key}, None
    for point in points:
        name = f"point n° {point['number']} ({point['at']})"
        if trusted.isdisjoint(signers(point)):
            yield f"{name} : aucune signature d'une clé connue"
        trusted = set(point["keys"])
        if before is None:
            if point["number"] == 1 and point["previous"] != NOTHING_BEFORE:
                yield f"{name} : le premier en nomme un autre avant lui"
        elif point["number"] != before["number"] + 1:
            yield f"{name} : il en manque depuis le n° {before['number']}"
        elif point["previous"] != hashlib.sha256(statement(before)).hexdigest() or point["at"] <= before["at"]:
            yield f"{name} : il ne suit pas celui que l'on montre avant lui"
        before = point
    shown, known = {point["number"]: point for point in points}, {key}.union(*(point["keys"] for point in points))
    for point in kept:
        name = f"point n° {point['number']} ({point['at']}) du témoin"
        if known.isdisjoint(signers(point)):
            yield f"{name} : la plateforme ne l'a pas signé avec une clé connue"
        elif point["number"] not in shown:
            yield f"{name} : la plateforme ne le montre plus"
        elif statement(shown[point["number"]]) != statement(point):
            yield f"{name} : la plateforme en montre un autre, signé après coup"


class Export:
    """One export, read once and not kept: the faults of its rows, the chain's hash where it was signed, when each row
    says it is from (eight bytes for each)."""

    def __init__(self, lines: Iterable[Line], *, partial: bool) -> None:
        every = iter(lines)
        begin = next(every)
        self.chain, self.first, last = begin["chain"], begin["size"], begin["chain_hash"]
        self.openings: dict[str, Line] = {}
        self.size = self.covered = self.first
        self.opened, self.heads, self.faults = 0, {self.first: last}, list[str]()
        self._written, self._out_of_place = array("d"), dict[int, float]()
        if self.first == 0 and last != digest("start", self.chain):
            self.faults.append(f"{self.chain} : le début n'est pas celui de ce journal")
        signed = {self.first}
        for line in every:
            if "commitment" in line:  # they stand before the rows
                self.openings[line["commitment"]] = line
                signed.add(line["size"])
            elif "position" in line:
                last = self._step(line, last, partial)
                if self.size in signed:
                    self.heads[self.size] = last

    def written(self, position: int) -> datetime | None:
        """When the row of that place says it was written, where it is given."""
        place = position - self.first - 1
        told = self._out_of_place.get(position, self._written[place] if 0 <= place < len(self._written) else UNKNOWN)
        return None if isnan(told) else EPOCH + timedelta(microseconds=round(told))

    def _note(self, position: int, told: float) -> None:
        if position == self.first + len(self._written) + 1:
            self._written.append(told)
        else:
            self._out_of_place[position] = told

    def _step(self, line: Line, last: str, partial: bool) -> str:
        if line["position"] != self.size + 1:
            self.faults.append(f"{self.chain} : après la ligne {self.size} vient la ligne {line['position']}")
        self.size, name = line["position"], f"{self.chain} : la ligne {line['position']}"
        self._note(self.size, microseconds(instant(line["row"]["recorded_at"])) if "row" in line else UNKNOWN)
        if "row" not in line and not partial:
            self.faults.append(f"{name} n'est donnée que par son empreinte")
        row = digest("row", canonical(line["row"])) if "row" in line else line["row_hash"]
        if digest("link", last, self.size, row) != line["chain_hash"]:
            self.faults.append(f"{name} n'est plus celle qui fut enchaînée")
        return str(line["chain_hash"])


def check_chain(export: Export, points: list[Line], *, partial: bool) -> Iterator[str]:
    """The faults of an export against checkpoints: its rows, and each head that was signed."""
    yield from export.faults
    since, is_anchored = None, export.first == 0
    for point in points:
        name = f"{export.chain} : point n° {point['number']} ({point['at']})"
        head = export.openings.get(point[export.chain])
        if head is None:
            if not partial:
                yield f"{name}, l'export ne l'ouvre pas : ce qui fut signé n'y est plus"
            continue
        signed, now, covered = head["size"], instant(point["at"]), export.covered
        if digest("head", export.chain, head["nonce"], signed, head["chain_hash"]) != point[export.chain]:
            yield f"{name}, ce qui est donné pour l'ouvrir n'est pas ce qui fut signé"
        elif signed > export.size:
            yield f"{name}, {signed} lignes furent signées, l'export en a {export.size} : la fin manque"
        elif signed < covered or export.heads.get(signed) != head["chain_hash"]:
            yield f"{name}, les lignes {covered + 1} à {signed} ne sont plus celles qui furent signées"
        for position in range(covered + 1, signed + 1):
            written = export.written(position) or now
            if written > now + CLOCKS or (since and written < since - LATE):
                yield f"{name}, la ligne {position} se dit du {written.isoformat()} : ce ne fut pas à cette heure"
        export.covered, export.opened, since = max(covered, signed), export.opened + 1, now
        is_anchored = is_anchored or signed == export.first
    if not (export.opened and is_anchored):
        yield f"{export.chain} : aucun point de contrôle n'ouvre cet export ou son début, rien n'est prouvé"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--key", required=True)
    parser.add_argument("--points", type=Path, required=True)
    parser.add_argument("--witness", type=Path, action="append", default=[])
    parser.add_argument("--partial", action="store_true")
    parser.add_argument("exports", type=Path, nargs="+")
    asked = parser.parse_args()
    points = objects(asked.points.read_text("utf-8"))
    kept = [point for path in asked.witness for point in objects(path.read_text("utf-8"))]
    faults = list(check_points(points, asked.key, kept))
    for path in asked.exports:
        export = Export(objects_in(path), partial=asked.partial)
        faults += check_chain(export, points, partial=asked.partial)
        print(f"{export.chain} : lignes {export.first + 1} à {export.size}, signées jusqu'à {export.covered}")
    if not kept:
        print("Attention : sans témoin, un journal et des points refaits ensemble ne se verraient pas.")
    print("\n".join(faults) or f"OK : {len(points)} points de contrôle, dont {len(kept)} gardés par un témoin")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
