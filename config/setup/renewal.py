"""A key takes the place of another in the file of settings, without a moment in which neither is there.

Rings keep the former key behind the new one until nothing needs it; `SECRET_KEY` hands its former value to
`SECRET_KEY_FALLBACKS`; a token that is only compared is replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from config.setup import environment_file
from config.setup.keys import PRINTED, missing_keys, write_record
from core.audit_keys import public_keys
from core.backups.retention import old_keys
from core.checkpoints import latest

SEALING = ("SEALING_KEYS", "VAULT_SEALING_KEYS")
RINGS = (*SEALING, "AUDIT_SIGNING_KEYS")
FORMER = {"SECRET_KEY": "SECRET_KEY_FALLBACKS"}
RENEWABLE = (*RINGS, *FORMER, "METRICS_TOKEN")
# In the file a ring is one line, with the newest first.
APART = ","


class NotRenewed(ValueError):
    """Why nothing was changed, in a sentence."""


def renewed(name: str, said: Mapping[str, str]) -> dict[str, str]:
    """In: a name of `RENEWABLE`, and what the file says. Out: the lines that change, with a new key of that name."""
    new, before = missing_keys(())[name], said.get(name, "")
    if name in RINGS:
        return {name: APART.join(filter(None, (new, before)))}
    former = {FORMER[name]: APART.join(filter(None, (before, said.get(FORMER[name], ""))))} if name in FORMER else {}
    return {name: new} | former


def without_the_oldest(name: str, said: Mapping[str, str]) -> dict[str, str]:
    """The lines that change when what preceded the present key goes. Raises NotRenewed while something needs it."""
    if name in FORMER:
        return {FORMER[name]: ""}
    ring = said.get(name, "").split(APART)
    if name not in RINGS or len(ring) < 2:
        raise NotRenewed(f"{name} ne compte qu'une clé : rien ne peut partir.")
    if name in SEALING and (not (old := old_keys(name)) or not old[-1].may_leave):
        raise NotRenewed(str(old[-1]) if old else "Redémarrez d'abord : les réglages en cours ne comptent qu'une clé.")
    if name == "AUDIT_SIGNING_KEYS" and not _newest_has_signed():
        raise NotRenewed("Aucun point de contrôle ne porte encore la nouvelle clé : attendez l'heure, puis réessayez.")
    return {name: APART.join(ring[:-1])}


def write(path: Path, changed: Mapping[str, str], *, name: str, public_url: str, today: date) -> Path | None:
    """Prints a new ring on a sheet beside the file, then changes the file. Out: where the sheet is, if there is one."""
    sheet = path.parent / f"{name.lower()}-to-print.txt" if name in PRINTED else None
    if sheet and sheet.exists():
        raise NotRenewed(f"{sheet} attend d'être imprimé puis effacé (shred -u) : la clé d'avant y est encore.")
    if sheet:
        write_record(sheet, {name: changed[name]}, public_url, today)
    environment_file.change(path, changed)
    return sheet


def _newest_has_signed() -> bool:
    checkpoint = latest()
    return checkpoint is not None and f'"{public_keys()[0]}"' in checkpoint.line
