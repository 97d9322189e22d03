"""A secret takes the place of another in the file of settings, without a moment in which neither is there.

Rings keep the former key behind the new one until nothing needs it; a key that marks stays for ever, before the new
one (decision 19); `SECRET_KEY` hands its former value to `SECRET_KEY_FALLBACKS`; a token that is only compared is
replaced, and so is the password of a database's role, there and here together.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from config.setup import environment_file, roles
from config.setup.keys import PRINTED, missing_keys, write_record
from core.audit_keys import public_keys
from core.backups.retention import old_keys
from core.checkpoints import latest
from core.remarking import places_of_older_keys

SEALING = ("SEALING_KEYS", "VAULT_SEALING_KEYS")
RINGS = (*SEALING, "AUDIT_SIGNING_KEYS")
FORMER = {"SECRET_KEY": "SECRET_KEY_FALLBACKS"}
MARKING = {"INDEX_KEY": False, "VAULT_INDEX_KEY": True}
# Each role changes its own; one that may replicate does not before PostgreSQL 16, so that of backups is not here.
PASSWORDS = tuple(roles.ROLES)
RENEWABLE = (*RINGS, *MARKING, *FORMER, "METRICS_TOKEN", *PASSWORDS)
# In the file a ring is one line, with the newest first; of keys that mark, the oldest, and a plus once all marks are
# under the newest.
APART, SETTLED = ",", "+"


class NotRenewed(ValueError):
    """Why nothing was changed, in a sentence."""


def renewed(name: str, said: Mapping[str, str]) -> dict[str, str]:
    """In: a name of `RENEWABLE`, and what the file says. Out: the lines that change, with a new key of that name.

    Raises NotRenewed while a key that marks is being added.
    """
    new, before = missing_keys(())[name], said.get(name, "")
    if name in MARKING:
        if APART in before:
            raise NotRenewed(f"{name} : une clé s'ajoute déjà. Lancez « rotate_marks », puis --settle.")
        return {name: APART.join(filter(None, (before, new)))}
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


def settled(name: str, said: Mapping[str, str]) -> dict[str, str]:
    """The lines that change when every mark is under the newest key. Raises NotRenewed while one is not."""
    before = said.get(name, "")
    if name not in MARKING or APART not in before:
        raise NotRenewed(f"{name} : aucune clé ne s'y ajoute.")
    if before != getattr(settings, name):
        raise NotRenewed("Redémarrez d'abord : les réglages en cours ne sont pas ceux du fichier.")
    if places := places_of_older_keys(vault=MARKING[name]):
        raise NotRenewed(f"Lancez « rotate_marks » : des marques restent sous l'ancienne clé ({', '.join(places)}).")
    return {name: before.replace(APART, SETTLED)}


def renew_password(path: Path, name: str, said: Mapping[str, str]) -> list[str]:
    """Gives the role of that address another password, on its server and in the file together.

    Out: the settings that changed: every address of the same role with the same password. Raises NotRenewed,
    roles.NoDatabase.
    """
    role = urlsplit(said.get(name, ""))
    if not role.username or not role.password:
        raise NotRenewed(f"{name} ne nomme aucun mot de passe.")
    password = secrets.token_urlsafe(24)
    addresses = {setting: urlsplit(url) for setting, url in said.items() if setting.endswith("DATABASE_URL")}
    changed = {
        setting: at._replace(netloc=f"{at.username}:{password}@{at.netloc.rpartition('@')[2]}").geturl()
        for setting, at in addresses.items()
        if (at.username, at.password) == (role.username, role.password)
    }
    try:
        with roles.password_changing(said[name], password):
            environment_file.change(path, changed)
    except roles.NoDatabase:
        environment_file.change(path, {setting: said[setting] for setting in changed})
        raise
    return sorted(changed)


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
