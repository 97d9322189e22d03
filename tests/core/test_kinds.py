"""A kind of gateway is one file: found by being there, gone by being deleted, and nothing else notices."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from core.gateways import Config, UnknownGateway, gateway, kinds, receiving
from core.models import Line
from tests.test_consistency import PACKAGES

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path.stem for path in (ROOT / "core" / "gateways").glob("*.py") if path.stem != "__init__")
LOOK = """
import django
django.setup()
from django.core.management import call_command
from django.urls import reverse
from core.gateways import Config, from_environment, kinds
call_command("check", verbosity=0)
for kind in kinds().values():
    kind.build(Config("gao", "36021", {"account_sid": "AC1"}))
from_environment()
print(*sorted(kinds()))
"""


def test_every_file_of_the_folder_is_a_kind_with_a_name_of_its_own() -> None:
    assert {name.replace("_", "-") for name in FILES} == set(kinds())
    assert len(FILES) == 8


def test_nothing_names_the_file_of_a_kind() -> None:
    """Only then do a few runs without some of them tell of every run without any."""
    names = "|".join(FILES)
    named = re.compile(rf"core[./]gateways[./]({names})\b|core\.gateways import .*\b({names})\b")
    product = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    assert len(product) > 500
    assert [path for path in product if named.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("deleted", [FILES[::2], FILES[1::2]], ids=["one half", "the other"])
def test_kinds_can_be_deleted_without_touching_the_others(tmp_path: Path, deleted: list[str]) -> None:
    shutil.copytree(ROOT / "core", tmp_path / "core", ignore=shutil.ignore_patterns("__pycache__"))
    for name in deleted:
        (tmp_path / "core" / "gateways" / f"{name}.py").unlink()
    for path in ROOT.iterdir():
        if path.name not in ("core", "var") and not path.name.startswith("."):
            (tmp_path / path.name).symlink_to(path)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1", "PYTHONPATH": str(tmp_path)}
    environment |= {"VAR_DIR": str(tmp_path / "var"), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert run.stdout.splitlines()[-1].split() == sorted(set(kinds()) - {name.replace("_", "-") for name in deleted})


def test_several_accounts_of_one_carrier_stand_side_by_side(db: None, settings: Settings) -> None:
    """Each line of its own, by its account; what an account has no line for comes by the one it was sent to."""
    for name, kind, sid, number in (
        ("gao", "twilio", "AC-gao", ""),
        ("gao-appel", "twilio-voice", "AC-gao", ""),
        ("kidal", "twilio", "AC-kidal", ""),
        ("kidal-un", "twilio-whatsapp", "AC-kidal", "+22300000001"),
        ("kidal-deux", "twilio-whatsapp", "AC-kidal", "+22300000002"),
    ):
        Line.objects.create(name=name, kind=kind, label=name, number=number, said={"account_sid": sid}, is_active=True)
    call = {"CallSid": "CA1", "From": "+22300000012"}
    note = {"From": "whatsapp:+22300000012", "To": "whatsapp:+22300000002"}

    def to(name: str, fields: dict[str, str]) -> tuple[str, str]:
        line, _gateway, kind = receiving(name, RequestFactory().post(f"/sms/{name}/", fields))
        return line, kind.name

    assert to("gao", call) == ("gao-appel", "twilio-voice")
    assert to("gao", note) == ("gao", "twilio-whatsapp")
    assert to("kidal", note) == ("kidal-deux", "twilio-whatsapp")
    assert to("kidal", call) == ("kidal", "twilio-voice")
    assert to("twilio", call) == ("twilio-voice", "twilio-voice")
    assert to("kidal", {"From": "+22300000012"}) == ("kidal", "twilio")


def test_the_environment_configures_twilio_without_any_row(db: None, settings: Settings) -> None:
    settings.TWILIO_ACCOUNT_SID = ""
    with pytest.raises(UnknownGateway):
        gateway("twilio")
    settings.TWILIO_ACCOUNT_SID = "AC1"
    assert gateway("twilio").name == "twilio"


def test_the_console_does_not_exist_in_production(db: None, settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(UnknownGateway):
        gateway("console")


def test_what_is_not_set_reads_as_empty() -> None:
    assert Config("gao")["nothing"] == ""
