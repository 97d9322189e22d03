"""Another country is a folder: an invented one, in a temporary folder, is set up and speaks for itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.country import FILES, read_country
from tests.stack import tables

pytestmark = pytest.mark.once
MALI = settings.BASE_DIR / "countries" / "mali"

COUNTRY = {
    "code": "BF",
    "name": "Pays inventé",
    "time_zone": "Africa/Ouagadougou",
    "currency": "XOF",
    "holidays": {"also": ["2026-09-23"], "worked": ["2026-08-05"]},
    "urgent_numbers": [{"label": "Garde inventée", "number": "00 00 00 77"}],
    "scopes": [{"code": "NORD", "name": "Le Nord", "marked": ["nord"]}],
}
PLACES = """level,pcode,name_fr,parent_pcode,nord
1,BF01,Région du Fleuve,BF,
2,BF0101,Cercle du Gué,BF01,1
2,BF0102,Cercle du Pont,BF01,
"""
# Set up as `manage.py setup` does it, then asked in one go.
ASK = """
import json, sys
from datetime import date
import django
django.setup()
from django.core.management import call_command
from django.test import Client
from io import StringIO
said = StringIO()
call_command("setup", "--unattended", "--env-file", sys.argv[1], stdout=said)
from django.conf import settings
from core.phones import normalise
from core.working_time import is_working_day
from directory.models import Place, Scope, User
from directory.roles import Role
from feedback.danger import suggests_danger
from feedback.keywords import keyword
from feedback.languages import menu_line
from feedback.screening import suggests_sea
from feedback.sms_texts import text_for
from workplan.charts.maps import tile_map
from workplan.models import Indicator, Plan
order = keyword("mogo tigi")
json.dump({
    "said": said.getvalue(),
    "places": sorted(Place.objects.values_list("name", flat=True)),
    "scope": sorted(Scope.objects.get().pcodes()),
    "plan": list(Plan.objects.values_list("code", "country")),
    "verifiers": sorted(Indicator.objects.values_list("verifier", flat=True)),
    "receipt": text_for("receipt", "ful", number="123456789012"),
    "menu": menu_line(),
    "phone": normalise("70 12 34 56"),
    "working": [is_working_day(date(2026, 8, 5)), is_working_day(date(2026, 9, 23)), is_working_day(date(2026, 9, 22))],
    "zone": settings.TIME_ZONE,
    "money": settings.SMS_CURRENCY,
    "order": order.name if order else None,
    "screened": [suggests_sea("zzfaveur zzcarte"), suggests_danger("zzfeu"), suggests_sea("bonjour")],
    "urgent": "00 00 00 77" in Client(headers={"Host": "localhost"}).get("/urgence/").content.decode(),
    "map": bool(tile_map("m", "t", "d", {}).svg),
    "administrators": list(User.objects.with_role(Role.ADMINISTRATOR).values_list("email", flat=True)),
}, sys.stdout)
"""


@pytest.fixture
def country(tmp_path: Path) -> Path:
    """A folder that shares French and Fulfulde texts with Mali and nothing else."""
    folder = tmp_path / "invented"
    for language in ("fra", "ful"):
        shutil.copytree(MALI / "sms" / language, folder / "sms" / language)
    receipt = folder / "sms/ful/receipt.txt"
    receipt.write_text(f"INVENTE {receipt.read_text(encoding='utf-8')}", encoding="utf-8")
    plan: dict[str, Any] = {
        "code": "PLAN-INVENTE",
        "title": "Plan inventé",
        "country": "BF",
        "owner": "Équipe inventée",
    }
    indicator = {"number": "1.1.1.a", "title": "# de réunions", "kind": "count", "verifier": "working_group"}
    activity = {"number": "1.1.1", "title": "Se réunir", "leads": ["OCHA"], "others": [], "indicators": [indicator]}
    objective = {"number": "1.1", "title": "Objectif", "activities": [activity]}
    plan |= {"years": [2026], "focus_areas": [], "axes": [{"number": 1, "title": "Axe", "objectives": [objective]}]}
    languages = yaml.safe_load((MALI / "languages.yaml").read_text(encoding="utf-8"))
    words = {"language": "dts", "ignore": [], "alone": [], "pairs": []}
    written: dict[str, Any] = {
        "country.yaml": COUNTRY,
        "plan.yaml": {"plan": plan},
        "languages.yaml": {code: languages[code] for code in ("ful", "fra")},
        "public_languages.yaml": {"fr": {"name": "Français", "iso": "fra", "approved": True}},
        "sms/approval.yaml": {"fallback": "fra", "approved": {"fra": True, "ful": True}},
        "keywords.yaml": {"orders": {"help": {"dts": ["mogo tigi"]}}},
        "screening_words/dts.yaml": words | {"alone": ["zzfaveur ~ zzcarte"]},
        "danger_words/dts.yaml": words | {"alone": ["zzfeu"]},
    }
    for name, content in written.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (folder / "places.csv").write_text(PLACES, encoding="utf-8")
    return folder


def test_an_invented_country_is_set_up_from_its_folder_alone(country: Path, tmp_path: Path) -> None:
    var = tmp_path / "var"
    var.mkdir()
    tables.copy_files(var)
    told = {
        "PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1", "VAR_DIR": str(var),
        "COUNTRY": str(country), "EMAIL_URL": f"filemail:///{var}/mail", "SETUP_ADMIN_EMAIL": "im@example.org",
        "SETUP_ADMIN_NAME": "Im", "SETUP_ADMIN_ORGANISATION": "OCHA",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(tmp_path / "jaabi.env")],
        cwd=settings.BASE_DIR, env=told, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout)
    said = found.pop("said")
    receipt = found.pop("receipt")
    assert receipt.startswith("INVENTE ")
    assert "1234 5678 9012" in receipt
    assert "lieux : 3 chargés (Pays inventé)" in said
    assert found == {
        "places": ["Cercle du Gué", "Cercle du Pont", "Région du Fleuve"],
        "scope": ["BF0101"],
        "plan": [["PLAN-INVENTE", "BF"]],
        "verifiers": ["working_group"],
        "menu": "1 Fulfulde 2 Francais",
        "phone": "+22670123456",
        # a holiday of the calendar on which this country works, a day of its own, and Mali's national day
        "working": [True, False, True],
        "zone": "Africa/Ouagadougou",
        "money": "XOF",
        "order": "help",
        "screened": [True, True, False],
        "urgent": True,
        "map": True,
        "administrators": ["im@example.org"],
    }


def test_what_a_folder_lacks_is_said_by_name(country: Path) -> None:
    (country / "plan.yaml").unlink()
    content = yaml.safe_load((country / "country.yaml").read_text(encoding="utf-8"))
    (country / "country.yaml").write_text(yaml.safe_dump(content | {"currency": ""}), encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match=r"il manque currency, plan\.yaml"):
        read_country(country)
    with pytest.raises(ImproperlyConfigured, match="COUNTRY ne nomme pas un pays"):
        read_country(country.parent / "nowhere")


def test_the_page_of_countries_names_every_needed_file() -> None:
    page = (settings.BASE_DIR / "docs" / "countries.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in (*FILES, "country.yaml"))
