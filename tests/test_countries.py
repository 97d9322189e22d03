"""Another country is a folder: one like Niger, in a temporary folder, is set up and speaks for itself."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import polib
import pytest
import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.country import FILES, read_country
from tests.stack import tables

pytestmark = pytest.mark.once
MALI = settings.BASE_DIR / "countries" / "mali"

COUNTRY = {
    "code": "NE",
    "name": "Niger inventé",
    "time_zone": "Africa/Niamey",
    "currency": "XOF",
    "holidays": {"also": ["2026-09-23"], "worked": ["2026-08-03"]},
    "urgent_numbers": [{"label": "Garde inventée", "number": "00 00 00 77"}],
    "scopes": [{"code": "NORD", "name": "Le Nord", "marked": ["nord"], "is_focus": True}],
}
# Codes longer than Mali's: their first letters are alike, and a region bears the name of a place in it.
PLACES = """level,pcode,name_fr,parent_pcode,nord
1,NE001,Agadez,NE,
2,NE001001,Aderbissinat,NE001,1
2,NE001003,Agadez,NE001,1
1,NE002,Diffa,NE,
2,NE002001,Bosso,NE002,
"""
LANGUAGES = {
    "hau": {
        "name": "Hausa",
        "label": {"fr": "Haoussa", "en": "Hausa"},
        "called": ["haoussa", "hausa"],
        "words": ["ruwa", "muna", "babu", "abinci", "yara", "wannan", "kuma", "domin"],
    },
    "fra": {"name": "Francais", "called": ["francais"]},
    "dje": {"label": "Zarma"},
}
FRENCH = {
    "Cercle": "Département",
    "Cercles": "Départements",
    "Cercle ou région": "Département ou région",
    "Par cercle": "Par département",
    "cercle": "département",
    "cercles": "départements",
}
# What a page of the public says at first, in a language that came with no program.
HAUSA = {"Parler": "Yi magana", "Dites ce que vous voulez": "Faɗi abin da kake so"}
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
from django.urls import reverse
from core.periods import Quarter
from core.phones import normalise
from core.working_time import is_working_day
from directory.fivew_rows import Rows
from directory.models import Place, Scope, User
from directory.roles import Role
from feedback.danger import suggests_danger
from feedback.forms.entry import EntryForm
from feedback.forms.ready_answers import ReadyAnswerForm
from feedback.keywords import keyword
from feedback.languages import chosen, heard_in, menu_line
from feedback.models import Case
from feedback.places import place_in
from feedback.screening import suggests_sea
from feedback.sms_texts import text_for
from feedback.statistics import About
from tests.feedback.making import made_case
from workplan.charts.maps import tile_map
from workplan.dashboard.asked import Asked
from workplan.dashboard.places import by_place
from workplan.measures import Over
from workplan.measures.voices import silent_groups
from workplan.models import Indicator, Plan
from workplan.silence import silence
from workplan.enums import Basis

def page(name, language="fr"):
    client = Client(headers={"Host": "localhost"})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client.get(reverse(f"feedback:{name}")).content.decode()

for pcode, count in (("NE001001", 6), ("NE001003", 5), ("NE002001", 8)):
    for _one in range(count):
        made_case(place=Place.objects.get(pcode=pcode), language="hau")
case = Case.objects.first()
Case._meta.get_field("language").clean(case.language, case)
order = keyword("mogo tigi")
regions, second = by_place(Asked(Quarter.current(), None, About()))
quiet = silent_groups(Quarter.current().period, Over(None, About()))
json.dump({
    "said": said.getvalue(),
    "pages": {name: page(name) for name in sys.argv[2].split()},
    "spoken_page": page("speak", "ha"),
    "places": sorted(Place.objects.values_list("name", flat=True)),
    "scope": sorted(Scope.objects.get().pcodes()),
    "plan": list(Plan.objects.values_list("code", "country")),
    "verifiers": sorted(Indicator.objects.values_list("verifier", flat=True)),
    "receipt": text_for("receipt", "hau", number="123456789012"),
    "menu": menu_line(),
    "heard": [heard_in("babu ruwa, muna so domin yara"), chosen("haoussa"), chosen("dje")],
    "languages": [[code, str(label)] for code, label in EntryForm().fields["language"].choices],
    "answered_in": [code for code, label in ReadyAnswerForm().fields["language"].choices],
    "recorded": [case.language, case.get_language_display()],
    "regions": [regions.title, [list(map(str, row)) for row in regions.rows]],
    "second": [second.title, str(second.headings[0]), [list(map(str, row)) for row in second.rows]],
    "outlined": "Le Nord" in regions.chart.svg,
    "quiet": [name for name in quiet if "région" in name],
    "voices": [[rate.label, rate.voices] for rate in silence(Quarter.current(), Basis.POPULATION).by_place],
    "named": [getattr(place_in(words), "pcode", "") for words in ("Agadez", "departement d Agadez", "a Bosso")],
    "commune": [getattr(Rows({}, only=None).place_of(code), "pcode", "") for code in ("NE001003002", "NE009001001")],
    "phone": normalise("90 12 34 56"),
    "working": [is_working_day(date(2026, 8, 3)), is_working_day(date(2026, 9, 23)), is_working_day(date(2026, 9, 22))],
    "zone": settings.TIME_ZONE,
    "money": settings.SMS_CURRENCY,
    "order": order.name if order else None,
    "screened": [suggests_sea("zzfaveur zzcarte"), suggests_danger("zzfeu"), suggests_sea("bonjour")],
    "map": bool(tile_map("m", "t", "d", {}).svg),
    "administrators": list(User.objects.with_role(Role.ADMINISTRATOR).values_list("email", flat=True)),
}, sys.stdout)
"""
PAGES = ("home", "speak", "follow", "urgent", "privacy", "workers")
OF_MALI = re.compile(r"\bmali|bamako|bambara|bamanankan|cercle|liptako|\bML\d", re.IGNORECASE)


@pytest.fixture
def country(tmp_path: Path) -> Path:
    """A folder that has Mali's French texts, but for what they call a place, and nothing else of it."""
    folder = tmp_path / "niger"
    shutil.copytree(MALI / "sms" / "fra", folder / "sms" / "fra")
    asked = folder / "sms/fra/ask_place.txt"
    asked.write_text(asked.read_text(encoding="utf-8").replace("cercle", "departement"), encoding="utf-8")
    receipt = (folder / "sms/fra/receipt.txt").read_text(encoding="utf-8")
    (folder / "sms/hau").mkdir()
    (folder / "sms/hau/receipt.txt").write_text(f"SAKO {receipt}", encoding="utf-8")
    words = {"language": "hau", "ignore": [], "alone": [], "pairs": []}
    written: dict[str, Any] = {
        "country.yaml": COUNTRY,
        "plan.yaml": {"plan": _plan()},
        "languages.yaml": LANGUAGES,
        "public_languages.yaml": {
            "fr": {"name": "Français", "iso": "fra", "approved": True},
            "ha": {"name": "Hausa", "iso": "hau", "approved": True},
        },
        "sms/approval.yaml": {"fallback": "fra", "approved": {"fra": True, "hau": True}},
        "keywords.yaml": {"orders": {"help": {"hau": ["mogo tigi"]}}},
        "screening_words/hau.yaml": words | {"alone": ["zzfaveur ~ zzcarte"]},
        "danger_words/hau.yaml": words | {"alone": ["zzfeu"]},
    }
    for name, content in written.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (folder / "places.csv").write_text(PLACES, encoding="utf-8")
    _compile(folder / "locale/fr", FRENCH)
    _compile(folder / "locale/ha", HAUSA)
    return folder


def _plan() -> dict[str, Any]:
    indicator = {"number": "1.1.1.a", "title": "# de réunions", "kind": "count", "verifier": "working_group"}
    activity = {"number": "1.1.1", "title": "Se réunir", "leads": ["OCHA"], "others": [], "indicators": [indicator]}
    objective = {"number": "1.1", "title": "Objectif", "activities": [activity]}
    about = {"code": "PLAN-INVENTE", "title": "Plan inventé", "country": "NE", "owner": "Équipe inventée"}
    axes = [{"number": 1, "title": "Axe", "objectives": [objective]}]
    return {**about, "years": [2026], "focus_areas": [], "axes": axes}


def _compile(folder: Path, texts: dict[str, str]) -> None:
    """A catalogue, as msgfmt makes it."""
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=2; plural=(n > 1);"}
    catalogue.extend(polib.POEntry(msgid=text, msgstr=said) for text, said in texts.items())
    (folder / "LC_MESSAGES").mkdir(parents=True)
    catalogue.save_as_mofile(str(folder / "LC_MESSAGES/django.mo"))


def test_a_country_is_set_up_from_its_folder_alone(country: Path, tmp_path: Path) -> None:
    var = tmp_path / "var"
    var.mkdir()
    tables.copy_files(var)
    told = {
        "PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1", "VAR_DIR": str(var),
        "COUNTRY": str(country), "EMAIL_URL": f"filemail:///{var}/mail", "SETUP_ADMIN_EMAIL": "im@example.org",
        "SETUP_ADMIN_NAME": "Im", "SETUP_ADMIN_ORGANISATION": "OCHA",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(tmp_path / "jaabi.env"), " ".join(PAGES)],
        cwd=settings.BASE_DIR, env=told, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout)
    said, receipt, pages = found.pop("said"), found.pop("receipt"), found.pop("pages")
    assert receipt.startswith("SAKO ")
    assert "1234 5678 9012" in receipt
    assert "lieux : 5 chargés (Niger inventé)" in said
    assert {name: OF_MALI.findall(page) for name, page in pages.items()} == {name: [] for name in PAGES}
    assert "00 00 00 77" in pages["urgent"]
    assert "Aderbissinat" in pages["speak"]
    spoken = found.pop("spoken_page")
    assert '<html lang="ha"' in spoken
    assert HAUSA["Dites ce que vous voulez"] in spoken
    assert found == {
        "places": ["Aderbissinat", "Agadez", "Agadez", "Bosso", "Diffa"],
        "scope": ["NE001001", "NE001003"],
        "plan": [["PLAN-INVENTE", "NE"]],
        "verifiers": ["working_group"],
        "menu": "1 Hausa 2 Francais",
        "heard": ["hau", "hau", ""],
        "languages": [
            ["hau", "Haoussa"], ["fra", "Français"], ["dje", "Zarma"], ["other", "Autre"],
            ["not_said", "non communiqué"],
        ],
        "answered_in": ["hau", "fra", "dje"],
        "recorded": ["hau", "Haoussa"],
        "regions": ["Par région", [["Agadez", "11", "0", "0"], ["Diffa", "8", "0", "0"], ["Ensemble", "19", "0", "0"]]],
        "second": [
            "Par département",
            "Département",
            [["Aderbissinat", "6", "0", "0"], ["Agadez", "5", "0", "0"], ["Bosso", "8", "0", "0"]],
        ],
        "outlined": True,
        "quiet": [],
        "voices": [["Agadez", 11], ["Diffa", 8]],
        "named": ["NE001", "NE001003", "NE002001"],
        "commune": ["NE001003", ""],
        "phone": "+22790123456",
        # a holiday of the calendar on which this country works, a day of its own, and Mali's national day
        "working": [True, False, True],
        "zone": "Africa/Niamey",
        "money": "XOF",
        "order": "help",
        "screened": [True, True, False],
        "map": True,
        "administrators": ["im@example.org"],
    }  # fmt: skip


def test_what_a_folder_lacks_is_said_by_name(country: Path) -> None:
    (country / "sms/approval.yaml").write_text("fallback: fra\napproved: {fra: true, kau: true}\n", encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match=r"ne nomme pas toutes les langues : kau"):
        read_country(country)
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
