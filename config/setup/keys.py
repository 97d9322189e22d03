"""Keys of an installation, and the sheet they are printed on: what no backup of the databases holds."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import Path

from config.development_keys import MADE

KEYS = (
    "SECRET_KEY", "SEALING_KEYS", "VAULT_SEALING_KEYS", "AUDIT_SIGNING_KEYS", "INDEX_KEY", "VAULT_INDEX_KEY",
    "METRICS_TOKEN",
)  # fmt: skip
# Without these, what is in the databases is lost, or can no longer be proved; the other two can be made anew.
PRINTED = {
    "SEALING_KEYS": "ouvre tout ce qui est scellé, hors du coffre",
    "VAULT_SEALING_KEYS": "sans elle, la clé d'aucune personne n'ouvre le coffre",
    "AUDIT_SIGNING_KEYS": "signe les points de contrôle du journal",
    "INDEX_KEY": "reconnaît un numéro de téléphone ou de suivi",
    "VAULT_INDEX_KEY": "la même chose, dans le coffre",
}
GROUP, LINE = 4, 6


def missing_keys(known: Collection[str]) -> dict[str, str]:
    """New values for those that are not set yet."""
    makers: dict[str, Callable[[], str]] = {**MADE, "METRICS_TOKEN": lambda: secrets.token_urlsafe(32)}
    return {name: makers[name]() for name in KEYS if name not in known}


def write_record(path: Path, keys: Mapping[str, str], public_url: str, today: date) -> None:
    """Writes the sheet to be printed, readable by its owner alone. Raises FileExistsError: one is never overwritten."""
    parts = [f"JAABI – CLÉS DE {public_url} – {today.isoformat()}\n", *INTRODUCTION]
    for name, purpose in PRINTED.items():
        if name in keys:
            parts += [f"\n{name} ({purpose})\n", *_grouped(keys[name]), f"  empreinte : {fingerprint(keys[name])}\n"]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("".join(parts))


def fingerprint(key: str) -> str:
    """Eight digits that tell two keys apart and give nothing of them away."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def _grouped(key: str) -> list[str]:
    groups = [key[at : at + GROUP] for at in range(0, len(key), GROUP)]
    return [f"  {'  '.join(groups[at : at + LINE])}\n" for at in range(0, len(groups), LINE)]


INTRODUCTION = (
    "\nImprimez cette feuille deux fois, rangez les exemplaires sous enveloppe scellée dans deux coffres de deux\n"
    "organisations, puis effacez ce fichier (shred -u). Une sauvegarde sans ces clés ne rend rien.\n"
    "Elles seules n'ouvrent pas le coffre des allégations d'EAS : chaque personne habilitée y a la sienne.\n"
    "Les espaces ne comptent pas ; majuscules et minuscules comptent.\n",
)
