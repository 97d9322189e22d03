"""Backups on SQLite: what comes back is what was there; what is damaged is refused; what was destroyed stays so.

PostgreSQL, with its WAL: tests/stack/test_production.py.
"""

from __future__ import annotations

import base64
import gzip
import itertools
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pyrage
import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from core import audit, spool
from core.actors import SYSTEM, robot
from core.backups import making, sets
from core.backups.making import make_backup
from core.backups.problems import BackupProblem
from core.backups.restoring import restore
from core.backups.retention import old_keys
from core.backups.sets import Part, wal_folder
from core.backups.wal_archive import wal_needed
from core.checkpoints import make_checkpoint
from core.kept_requests import KeptRequest
from core.keyring import labels
from core.sealing import new_keypair
from feedback.models import Case
from psea.actions import receive_sealed
from psea.enums import Part as CasePart
from psea.models import SealedCase
from tests.feedback.making import WORDS, made_case
from tests.psea.conftest import NUMBER, PHONE
from tests.stack.databases import on_services
from tests.stack.traces import traces_in_files
from tests.vault_keys import recovery_key

pytestmark = pytest.mark.skipif(on_services(), reason="SQLite's; PostgreSQL's are in tests/stack")
NOW = timezone.now()
RINGS = ("SEALING_KEYS", "VAULT_SEALING_KEYS")
NOTED = 'INSERT INTO "core_backuptrace"'
WAITING = KeptRequest("twilio", "incoming", NOW, {}, b"Body=x")


class Keys:
    """Who can open: for the ordinary parts, for the vault's."""

    def __init__(self, folder: Path) -> None:
        self.ordinary, self.vault = (pyrage.x25519.Identity.generate() for _ in range(2))
        self.files = {"ordinary": folder / "ordinary.key", "vault": folder / "vault.key"}
        for name, path in self.files.items():
            path.write_text(f"# a test's\n{getattr(self, name)}\n")

    @property
    def both(self) -> list[pyrage.x25519.Identity]:
        return [self.ordinary, self.vault]

    @property
    def options(self) -> list[str]:
        return [word for path in self.files.values() for word in ("--identity", str(path))]


@pytest.fixture
def keys(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keys:
    """What a test has stored is not committed: its databases are copied page by page, as nobody else writes to them."""
    monkeypatch.setattr(making, "copy_database", lambda source, path: path.write_bytes(source.serialize()))
    made = Keys(tmp_path)
    settings.BACKUP_DIR, settings.SPOOL_DIR = tmp_path / "backups", tmp_path / "spool"
    settings.BACKUP_RECIPIENTS = [str(made.ordinary.to_public())]
    settings.BACKUP_VAULT_RECIPIENTS = [str(made.vault.to_public())]
    return made


def said(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def new_key() -> str:
    return base64.urlsafe_b64encode(new_keypair()[0]).decode()


def sealed(source: str) -> UUID:
    """One report in the vault."""
    return receive_sealed(
        source_id=source,
        receipt_number=NUMBER,
        words=WORDS,
        phone=PHONE,
        channel="sms",
        language="fra",
        received_at=NOW,
        by=robot("intake"),
    )


def dump(connection: sqlite3.Connection) -> Iterator[str]:
    """Every row, but SQLite's own count of its tables, and that the backup was made."""
    return (line for line in connection.iterdump() if "sqlite_s" not in line and not line.startswith(NOTED))


def test_both_databases_the_spool_and_the_pins_come_back_byte_for_byte(
    keys: Keys, settings: Any, tmp_path: Path
) -> None:
    made_case()
    recovery_key()
    sealed("SM1")
    spool.put(WAITING, is_verified=True)
    backup, place = make_backup(), tmp_path / "place"
    restore(backup, place, keys.both)
    for alias, file in (("default", "ordinary/jaabi.sqlite3"), ("vault_owner", "vault/vault.sqlite3")):
        with closing(sqlite3.connect(place / file)) as restored:
            assert list(dump(restored)) == list(dump(connections[alias].connection)), alias
    (waiting,) = spool.waiting()
    assert [path.read_bytes() for path in (place / "spool").iterdir()] == [waiting.read_bytes()]
    pins = Path(settings.VAULT_PINS_FILE)
    assert (place / "pins" / pins.name).read_bytes() == pins.read_bytes()
    assert not list(sets.sets_folder().glob("copy-*")) + list(sets.sets_folder().glob("files-*")), "no copy in clear"


def test_nothing_of_a_backup_can_be_read_and_the_vaults_part_has_its_own_key(keys: Keys, tmp_path: Path) -> None:
    case = made_case()
    backup = make_backup()
    assert traces_in_files(case.reference, backup.folder) == [], "a copy of the database does say references"
    with pytest.raises(BackupProblem, match=r"vault\.tar\.gz\.age ne s'ouvre avec aucune"):
        restore(backup, tmp_path / "place", [keys.ordinary])
    assert list((tmp_path / "place").iterdir()) == []
    restored = restore(backup, tmp_path / "place", [keys.ordinary], only=["ordinary", "spool"])
    assert traces_in_files(case.reference, restored.place) == ["ordinary/jaabi.sqlite3"]


@pytest.mark.once
def test_a_copy_of_sqlite_is_whole_while_another_process_writes(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a", isolation_level=None)) as writer:
        writer.execute("pragma journal_mode = wal")
        writer.execute("create table t (n)")
        writer.execute("insert into t values (1)")
        writer.execute("begin immediate")
        writer.execute("insert into t values (2)")
        with closing(sqlite3.connect(tmp_path / "a")) as reader:
            making.copy_database(reader, tmp_path / "b")
        with pytest.raises(BackupProblem, match="au milieu d'une transaction"):
            making.copy_database(writer, tmp_path / "c")
        writer.execute("commit")
    with closing(sqlite3.connect(tmp_path / "b")) as copy:
        assert copy.execute("select n from t").fetchall() == [(1,)]


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def swap(path: Path) -> None:
    """Another archive of the same length, encrypted to the same recipients, as anybody can make one."""
    to = [pyrage.x25519.Recipient.from_str(one) for one in settings.BACKUP_RECIPIENTS]
    plain = gzip.compress(b"".ljust(10_240, b"\0"))
    # The length of the format's own header differs from time to time: tried until the whole has the right one.
    tries = (pyrage.encrypt(plain + b"\0" * padding, to) for padding in itertools.cycle(range(200)))
    path.write_bytes(next(made for made in tries if len(made) == path.stat().st_size))


def spoil(path: Path) -> None:
    path.with_name(sets.MANIFEST).write_text("{}")


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (truncate, "est tronqué"),
        (flip, "est abîmé ou tronqué"),
        (swap, "n'est pas celui que nomme le manifeste"),
        (Path.unlink, "manque dans la sauvegarde"),
        (spoil, "Le manifeste de .* est abîmé"),
    ],
)
def test_a_damaged_backup_is_refused_and_leaves_nothing(keys: Keys, tmp_path: Path, harm: Any, sentence: str) -> None:
    backup, place = make_backup(), tmp_path / "place"
    harm(backup.folder / "spool.tar.gz.age")
    with pytest.raises(CommandError, match=sentence):
        call_command("restore", str(place), "--set", backup.name, *keys.options)
    assert not place.exists() or list(place.iterdir()) == []


def test_it_restores_only_into_an_empty_place_and_says_what_to_do_next(keys: Keys, tmp_path: Path) -> None:
    place = tmp_path / "place"
    backup = make_backup()
    told = said("restore", str(place), *keys.options)
    for setting in ("SEALING_KEYS", "VAULT_SEALING_KEYS"):
        assert f" {setting} doit contenir les clés {backup.keys_needed[setting][0]}" in told
    with pytest.raises(CommandError, match="n'est pas vide"):
        call_command("restore", str(place), *keys.options)


def test_without_recipients_or_with_a_wrong_one_nothing_is_made(keys: Keys, settings: Any) -> None:
    settings.BACKUP_VAULT_RECIPIENTS = []
    with pytest.raises(CommandError, match="BACKUP_VAULT_RECIPIENTS manque"):
        call_command("backup")
    settings.BACKUP_VAULT_RECIPIENTS = ["age1quelque-chose"]
    with pytest.raises(CommandError, match="n'est pas une clé publique age"):
        call_command("backup")
    assert (sets.finished(), sets.unfinished()) == ([], [])


def test_a_drill_opens_what_lives_and_what_was_destroyed_only_until_its_key_has_left(
    keys: Keys, settings: Any, tmp_path: Path
) -> None:
    kept, destroyed = made_case(), made_case()
    recovery = recovery_key()
    kept_sealed, destroyed_sealed = sealed("SM1"), sealed("SM2")
    make_checkpoint(timezone.now())
    backup = make_backup()
    destroyed.forget_all()
    destroyed.save()
    SealedCase.objects.using("vault").get(pk=destroyed_sealed).delete(using="vault")
    for setting in RINGS:
        setattr(settings, setting, [new_key(), *getattr(settings, setting)])
    call_command("rotate_sealing", stdout=StringIO())
    assert [(key.setting, key.backups) for key in old_keys()] == [(setting, (backup.name,)) for setting in RINGS]
    told = said("restore_drill", *keys.options)
    assert "SEALING_KEYS : 1 enregistrement(s) ouverts, de ceux qui vivent encore ; 1 détruit(s) depuis ; 1 s'" in told
    assert (
        "VAULT_SEALING_KEYS : 3 enregistrement(s) ouverts, de ceux qui vivent encore ; 3 détruit(s) depuis ; 3 s'"
        in told
    )
    assert "OK : 1 points de contrôle, dont 1 gardés par un témoin" in told
    # The backup expires; a copy of it that somebody kept is tried once the key has left.
    copy = tmp_path / backup.name
    shutil.copytree(backup.folder, copy)
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        make_backup()
        told = said("prune_backups")
        assert all(f"peut quitter {setting} :" in told for setting in RINGS)
    assert not backup.folder.exists()
    copy.rename(backup.folder)
    for setting in RINGS:
        setattr(settings, setting, getattr(settings, setting)[:1])
    with pytest.raises(CommandError) as refused:
        call_command("restore_drill", "--set", backup.name, *keys.options, stdout=(out := StringIO()))
    for setting, number in (("SEALING_KEYS", 1), ("VAULT_SEALING_KEYS", 3)):
        assert f"rien ne dit que les clés de {setting} sont les bonnes" in str(refused.value)
        assert (
            f"{setting} : 0 enregistrement(s) ouverts, de ceux qui vivent encore ; {number} détruit(s)"
            in out.getvalue()
        )
    assert out.getvalue().count("aucun ne s’ouvre") == 2
    assert Case.objects.get(pk=kept.pk).unsealed("words") == WORDS
    case = SealedCase.objects.using("vault").get(pk=kept_sealed)
    assert case.unseal_with(recovery.data_key(kept_sealed, CasePart.WORDS), "words") == WORDS


def test_a_set_from_before_the_vault_had_a_ring_still_counts_for_the_keys_it_needs(keys: Keys, settings: Any) -> None:
    made_case()
    backup = make_backup()
    manifest = backup.folder / sets.MANIFEST
    said_then = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(said_then | {"form": 1, "keys_needed": said_then["keys_needed"]["SEALING_KEYS"]}))
    settings.SEALING_KEYS = [new_key(), *settings.SEALING_KEYS]
    call_command("rotate_sealing", stdout=StringIO())
    assert [(key.setting, key.backups) for key in old_keys()] == [("SEALING_KEYS", (backup.name,))]


def test_a_drill_says_when_the_audit_was_rewritten(keys: Keys) -> None:
    made_case()
    audit.record("test.act", by=SYSTEM)
    make_checkpoint(timezone.now())
    with connections["default"].cursor() as cursor:
        cursor.execute("select name, sql from sqlite_master where type = 'trigger' and tbl_name = 'core_auditentry'")
        for name, _sql in cursor.fetchall():
            cursor.execute(f"drop trigger {name}")
        cursor.execute("update core_auditentry set act = 'feedback.case.other' where position = 1")
    make_backup()
    with pytest.raises(CommandError, match="la ligne 1 n'est plus celle qui fut enchaînée"):
        call_command("restore_drill", *keys.options, stdout=StringIO())


def test_the_newest_backup_stays_however_old_and_what_was_not_finished_goes(keys: Keys) -> None:
    first, last = make_backup(NOW - timedelta(days=50)), make_backup(NOW - timedelta(days=40))
    cut_off = sets.sets_folder() / sets.name_of(NOW - timedelta(days=2))
    cut_off.mkdir()
    assert f"1 sauvegarde(s) supprimée(s) : {first.name}." in said("prune_backups")
    assert ([one.name for one in sets.finished()], sets.unfinished()) == ([last.name], [])


def test_a_key_that_something_still_stands_under_stays(keys: Keys, settings: Any) -> None:
    made_case()
    spool.put(WAITING, is_verified=True)
    settings.SEALING_KEYS = [new_key(), *settings.SEALING_KEYS]
    (old,) = old_keys()
    assert (old.label, old.places, old.backups) == (labels()[1], ("feedback_case", "spool"), ())
    assert make_backup().keys_needed["SEALING_KEYS"] == tuple(labels())


@pytest.mark.once
@pytest.mark.parametrize(
    ("kept", "is_whole"),
    [
        ((), True),
        (("000000010000000000000005", "000000010000000000000006"), True),
        (("000000010000000000000003", "000000010000000000000004"), True),
        (("000000010000000000000005", "000000010000000000000007"), False),
        (("000000010000000000000006",), False),
        (("000000010000000000000005", "000000020000000000000005", "000000020000000000000006"), True),
    ],
)
def test_a_hole_in_the_wal_is_refused(settings: Any, tmp_path: Path, kept: tuple[str, ...], is_whole: bool) -> None:
    """The part begins in 3 and holds all up to 4."""
    settings.BACKUP_DIR = tmp_path
    known = {"first_wal": "000000010000000000000003", "last_wal": "000000010000000000000004"}
    part = Part("ordinary", "postgres", False, "x", 0, "", known)
    wal_folder("ordinary").mkdir()
    for name in ("000000010000000000000001", *kept):
        (wal_folder("ordinary") / f"{name}.gz.age").touch()
    if is_whole:
        assert [path.name[:24] for path in wal_needed(part)] == sorted(kept)
    else:
        with pytest.raises(BackupProblem, match="Il manque"):
            wal_needed(part)
