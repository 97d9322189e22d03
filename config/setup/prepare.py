"""The first step of `manage.py setup`, before any setting is read: answers, keys, the environment file, databases."""

from __future__ import annotations

import grp
import os
import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from config.setup import environment_file, keys, roles
from config.setup.questions import ROLE_MAKER, SETTINGS, Answers, Unanswered

# Who runs the services: the environment file is readable by that group, where it exists.
SERVICE_GROUP = "jaabi"
RECORD, PINS = "keys-to-print.txt", "vault_pins.txt"
BY_LATER_SETTING = "principale"


def add_arguments(parser: ArgumentParser) -> None:
    """Of both steps."""
    default = os.environ.get("ENV_FILE", "/etc/jaabi/jaabi.env")
    parser.add_argument("--env-file", type=Path, default=Path(default), help="où vont les réglages (ENV_FILE)")
    parser.add_argument("--from", type=Path, dest="answers", help="un fichier de réponses NOM=valeur")
    parser.add_argument("--unattended", action="store_true", help="ne demande rien : ce qui manque arrête")
    parser.add_argument(
        "--name", default=os.environ.get("SETUP_NAME", "jaabi"), help="nom des bases et début du nom des rôles"
    )


def prepare(argv: list[str]) -> None:
    """Writes what is missing of the environment file, and makes its roles and databases. Ends the program on a fault.

    The settings are read from that file afterwards.
    """
    parser = ArgumentParser(prog="manage.py setup", add_help=False)
    add_arguments(parser)
    options, _others = parser.parse_known_args(argv)
    try:
        for sentence in _prepared(options.env_file, options.answers, options.name, is_asking=not options.unattended):
            sys.stdout.write(f"  {sentence}\n")
    except (Unanswered, roles.NoDatabase, environment_file.Unwritable, OSError) as error:
        sys.exit(f"{error}\nRien n'est perdu : corrigez, puis relancez la même commande.")
    os.environ["ENV_FILE"] = str(options.env_file)


def answers(path: Path | None, *, is_asking: bool) -> Answers:
    """What was given beforehand: the environment first, then the file of answers. Raises OSError."""
    if path is not None and not path.is_file():
        raise FileNotFoundError(f"{path} n'existe pas.")
    given = {**(environment_file.read(path) if path else {}), **os.environ}
    return Answers(given, may_ask=is_asking and sys.stdin.isatty())


def _prepared(path: Path, said: Path | None, name: str, *, is_asking: bool) -> list[str]:
    known, told = environment_file.read(path), answers(said, is_asking=is_asking)
    added = told.to(question for question in SETTINGS if question.name not in known)
    added = {setting: value for setting, value in added.items() if value}
    maker = _maker(told, known)
    added |= roles.addresses(maker, name, {**known, **_given(told)}) if maker else {}
    added |= {setting: value for setting, value in _given(told).items() if setting not in known}
    made = keys.missing_keys([*known, *told.given])
    added |= {setting: told.given.get(setting) or made[setting] for setting in keys.KEYS if setting not in known}
    added |= _derived(path.parent, {**known, **added}, told.given, known)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    if added:
        _write(path, added, made)
    sentences = [f"{path} : {len(added)} réglages écrits" if added else f"{path} : déjà complet, inchangé"]
    every = {**known, **added}
    sentences += roles.make_missing(maker, every) if maker else []
    if faults := roles.unreachable(every):
        raise roles.NoDatabase("\n- ".join(["Une base ne répond pas :", *faults]))
    return sentences


def _given(told: Answers) -> dict[str, str]:
    return {setting: told.given[setting] for setting in roles.ROLES if told.given.get(setting)}


def _maker(told: Answers, known: Mapping[str, str]) -> str:
    """Who makes roles and databases: needed once, while an address of theirs is not known."""
    if told.given.get(ROLE_MAKER.name) or not roles.ROLES.keys() <= {*known, *_given(told)}:
        return told.to([ROLE_MAKER])[ROLE_MAKER.name]
    return ""


def _derived(
    folder: Path, every: Mapping[str, str], given: Mapping[str, str], known: Mapping[str, str]
) -> dict[str, str]:
    """What follows from the answers, unless it was given."""
    host = urlsplit(every["PUBLIC_URL"]).hostname or ""
    follows = {
        "ALLOWED_HOSTS": f"{host},localhost,127.0.0.1",
        "VAR_DIR": "/var/lib/jaabi",
        "VAULT_PINS_FILE": str(folder / PINS),
        "SMS_GATEWAY": "twilio" if every.get("TWILIO_ACCOUNT_SID") else BY_LATER_SETTING,
    }
    passed_on = {"TWILIO_API_BASE_URL": given.get("TWILIO_API_BASE_URL", "")}
    wanted = {**passed_on, **{name: given.get(name) or value for name, value in follows.items()}}
    return {name: value for name, value in wanted.items() if value and name not in known}


def _write(path: Path, added: Mapping[str, str], made: Mapping[str, str]) -> None:
    today = datetime.now(UTC).date()
    new = {name: value for name, value in added.items() if value == made.get(name)}
    if keys.PRINTED.keys() & new.keys():
        keys.write_record(path.parent / RECORD, new, added.get("PUBLIC_URL", ""), today)
    environment_file.add(path, added, today)
    pins = path.parent / PINS
    if not pins.exists():
        pins.touch(mode=0o644)
    if os.geteuid() == 0 and SERVICE_GROUP in {group.gr_name for group in grp.getgrall()}:
        shutil.chown(path, group=SERVICE_GROUP)
        path.chmod(0o640)
