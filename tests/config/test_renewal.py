"""A new key takes the place of another in the file of settings, and the former one goes when nothing needs it."""

from __future__ import annotations

import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.setup import environment_file
from core.actors import robot
from core.checkpoints import make_checkpoint
from psea.actions import receive_sealed
from tests.feedback.making import made_case
from tests.vault_keys import recovery_key

pytestmark = [pytest.mark.once, pytest.mark.django_db(databases="__all__")]


@pytest.fixture
def file(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of an installation; the environment says what it says."""
    path = tmp_path / "jaabi.env"
    text = f"# ours\nSECRET_KEY=first\nSEALING_KEYS=before\nCOUNTRY=mali\nSEALING_KEYS={settings.SEALING_KEYS[0]}\n"
    path.write_text(text)
    path.chmod(0o640)
    settings.BACKUP_DIR = tmp_path / "backups"
    for name in (
        "SECRET_KEY",
        "SEALING_KEYS",
        "VAULT_SEALING_KEYS",
        "AUDIT_SIGNING_KEYS",
        "INDEX_KEY",
        "METRICS_TOKEN",
    ):
        monkeypatch.delenv(name, raising=False)
    return path


def new_key(name: str, file: Path, *more: str) -> dict[str, str]:
    call_command("new_key", name, "--env-file", str(file), *more)
    return environment_file.read(file)


def test_a_new_key_goes_before_the_former_one_and_is_printed_once(file: Path, settings: Any) -> None:
    said = new_key("SEALING_KEYS", file)
    newest, former = said["SEALING_KEYS"].split(",")
    assert former == settings.SEALING_KEYS[0]
    assert newest != former
    assert file.read_text().splitlines()[0::3] == ["# ours", "COUNTRY=mali"], "the rest stays, and no line is twice"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    sheet = file.parent / "sealing_keys-to-print.txt"
    assert newest in sheet.read_text().replace(" ", "").replace("\n", "")
    with pytest.raises(CommandError, match="sealing_keys-to-print"):
        new_key("SEALING_KEYS", file)
    assert environment_file.read(file) == said


def test_a_key_that_something_stands_under_stays(file: Path, settings: Any) -> None:
    with pytest.raises(CommandError, match="qu'une clé"):
        new_key("SEALING_KEYS", file, "--drop-oldest")
    former = settings.SEALING_KEYS[0]
    settings.SEALING_KEYS = new_key("SEALING_KEYS", file)["SEALING_KEYS"].split(",")
    assert new_key("SEALING_KEYS", file, "--drop-oldest")["SEALING_KEYS"] == settings.SEALING_KEYS[0]
    settings.SEALING_KEYS = [former]
    with pytest.raises(CommandError, match="qu'une clé"):
        new_key("SEALING_KEYS", file, "--drop-oldest")


def test_a_key_of_the_vaults_ring_is_renewed_and_dropped_as_the_platforms(file: Path, settings: Any) -> None:
    environment_file.change(file, {"VAULT_SEALING_KEYS": settings.VAULT_SEALING_KEYS[0]})
    settings.VAULT_SEALING_KEYS = new_key("VAULT_SEALING_KEYS", file)["VAULT_SEALING_KEYS"].split(",")
    assert (file.parent / "vault_sealing_keys-to-print.txt").exists()
    recovery_key()
    newest, former = settings.VAULT_SEALING_KEYS
    settings.VAULT_SEALING_KEYS = [former]
    receive_sealed(
        source_id="1", receipt_number="1", words="x", channel="web", received_at=timezone.now(), by=robot("intake")
    )
    settings.VAULT_SEALING_KEYS = [newest, former]
    with pytest.raises(CommandError, match="reste dans VAULT_SEALING_KEYS : psea_wrap"):
        new_key("VAULT_SEALING_KEYS", file, "--drop-oldest")
    call_command("rotate_sealing", stdout=StringIO())
    assert new_key("VAULT_SEALING_KEYS", file, "--drop-oldest")["VAULT_SEALING_KEYS"] == newest


def test_a_signing_key_goes_once_a_checkpoint_bears_the_new_one(file: Path, settings: Any) -> None:
    environment_file.change(file, {"AUDIT_SIGNING_KEYS": settings.AUDIT_SIGNING_KEYS[0]})
    make_checkpoint(timezone.now())
    settings.AUDIT_SIGNING_KEYS = new_key("AUDIT_SIGNING_KEYS", file)["AUDIT_SIGNING_KEYS"].split(",")
    with pytest.raises(CommandError, match="attendez"):
        new_key("AUDIT_SIGNING_KEYS", file, "--drop-oldest")
    make_checkpoint(timezone.now())
    left = new_key("AUDIT_SIGNING_KEYS", file, "--drop-oldest")["AUDIT_SIGNING_KEYS"]
    assert left == settings.AUDIT_SIGNING_KEYS[0]


def test_a_key_that_marks_goes_behind_the_former_one_and_both_stay(file: Path, settings: Any) -> None:
    environment_file.change(file, {"INDEX_KEY": settings.INDEX_KEY})
    made_case()
    said = new_key("INDEX_KEY", file)["INDEX_KEY"]
    former, newest = said.split(",")
    assert former == settings.INDEX_KEY
    sheet = file.parent / "index_key-to-print.txt"
    assert newest in sheet.read_text().replace(" ", "").replace("\n", "")
    with pytest.raises(CommandError, match="s'ajoute déjà"):
        new_key("INDEX_KEY", file)
    with pytest.raises(CommandError, match="Redémarrez d'abord"):
        new_key("INDEX_KEY", file, "--settle")
    settings.INDEX_KEY = said
    with pytest.raises(CommandError, match=r"restent sous l'ancienne clé .*feedback_case"):
        new_key("INDEX_KEY", file, "--settle")
    call_command("rotate_marks", stdout=StringIO())
    assert new_key("INDEX_KEY", file, "--settle")["INDEX_KEY"] == f"{former}+{newest}"
    with pytest.raises(CommandError, match="aucune clé ne s'y ajoute"):
        new_key("INDEX_KEY", file, "--settle")
    sheet.unlink()
    assert new_key("INDEX_KEY", file)["INDEX_KEY"].startswith(f"{former}+{newest},")


def test_the_former_secret_of_sessions_stands_behind_until_it_is_dropped(file: Path) -> None:
    said = new_key("SECRET_KEY", file)
    assert said["SECRET_KEY_FALLBACKS"] == "first"
    assert len(said["SECRET_KEY"]) > 50
    assert new_key("SECRET_KEY", file, "--drop-oldest")["SECRET_KEY_FALLBACKS"] == ""
    assert not list(file.parent.glob("*-to-print.txt"))


def test_what_the_environment_says_is_not_changed_in_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = file.read_text()
    monkeypatch.setenv("SECRET_KEY", "of the environment")
    with pytest.raises(CommandError, match="environnement"):
        new_key("SECRET_KEY", file)
    with pytest.raises(CommandError, match="--env-file"):
        new_key("METRICS_TOKEN", file.parent / "nothing.env")
    assert file.read_text() == before
