"""What must agree with itself: templates used, settings documented, figures defined, words translated, pages small."""

from __future__ import annotations

import ast
import gzip
import inspect
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connections
from django.db.models import Choices, Model
from django.template import engines
from django.template.loader import get_template
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import override

from core import audit
from core.actors import SYSTEM
from core.periods import Quarter
from directory.actions.calendar import correct_day
from directory.actions.intervention_files import upload_file
from directory.actions.witnesses import name_witness
from directory.credentials import create_client
from directory.models import Place, Witness
from feedback.actions import keep_draft, make_booklet
from feedback.actions.ingest import note_deposit
from feedback.actions.sheets import upload_sheet
from feedback.actions.source_files import upload_source_file
from feedback.enums import DepositWay, SmsText
from feedback.models import Case
from feedback.sms_texts import SAMPLE, TEXTS, text_for
from referrals.actions.endpoints import add_endpoint
from referrals.actions.peers import add_peer
from referrals.actions.saved_filters import keep_filter
from referrals.enums import FilteredList
from referrals.models import Referral
from tests.access import table
from tests.access.addresses import path_of
from tests.access.world import World
from workplan.actions import readings
from workplan.actions.plans import change_element
from workplan.measures import MEASURES
from workplan.models import Reading, RegisterEntry
from workplan.values import Value

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("core", "directory", "psea", "feedback", "referrals", "workplan", "demo", "config")
STAFF_LIMIT, PUBLIC_LIMIT = 200_000, 50_000
# Names that are put together where they are used, or that a library asks for by itself.
ASKED_FOR_BY_NAME = {"403.html", "404.html", "429.html", "500.html"}
LIBRARY_FOLDERS = ("account/", "allauth/", "mfa/", "usersessions/", "django/", "socialaccount/")


def sources(*suffixes: str) -> Iterator[Path]:
    """The files of the product, without its tests and migrations."""
    folders = [ROOT / name for name in (*PACKAGES, "templates")]
    for path in (one for folder in folders for suffix in suffixes for one in folder.rglob(f"*{suffix}")):
        if "migrations" not in path.parts and "__pycache__" not in path.parts:
            yield path


@pytest.fixture(scope="module")
def all_sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sources(".py", ".html", ".txt"))


# -- templates -------------------------------------------------------------------------------------------------------


def templates() -> list[str]:
    """Every template of ours, by the name it is loaded under."""
    folders = [ROOT / "templates", *(ROOT / package / "templates" for package in PACKAGES)]
    return sorted(
        path.relative_to(folder).as_posix()
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in (".html", ".txt")
    )


def test_every_template_is_used(all_sources: str) -> None:
    unused = [
        name
        for name in templates()
        if name not in ASKED_FOR_BY_NAME
        and not name.startswith(LIBRARY_FOLDERS)
        and name not in all_sources
        and f'"{Path(name).name}"' not in all_sources
        and f"/{Path(name).name}" not in all_sources
    ]
    assert unused == []


@pytest.mark.parametrize("name", templates())
def test_a_template_can_be_read_and_so_can_all_it_includes(name: str) -> None:
    text = get_template(name).template.source  # type: ignore[attr-defined]  # of Django's own engine
    for included in re.findall(r"{% (?:include|extends) \"([^\"]+)\"", text):
        engines["django"].get_template(included)


# -- settings --------------------------------------------------------------------------------------------------------

READ_BY = re.compile(r"env\.\w+\(\s*\"([A-Z][A-Z0-9_]+)\"")


def settings_read() -> set[str]:
    """Names of the environment that the settings read, wherever `env` is handed on."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "config").glob("*.py"))
    named = set(READ_BY.findall(text))
    return named | set(re.findall(r"\"(VAULT\w*_DATABASE_URL)\"", text))


def test_every_setting_that_is_read_is_documented_and_no_other() -> None:
    documented = set()
    for line in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            documented |= set(re.findall(r"`([A-Z][A-Z0-9_]{2,})`", line.split("|")[1]))
    assert len(settings_read()) > 20
    assert documented == settings_read()


# -- figures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_a_measure_has_a_function_and_says_in_french_what_it_counts(name: str) -> None:
    measure = MEASURES[name]
    assert measure.name == name
    assert measure.version
    assert callable(measure.compute)
    assert len(inspect.signature(measure.compute).parameters) == 3
    with override("fr"):
        for part in ("title", "definition", "numerator", "denominator", "exclusions"):
            assert len(str(getattr(measure, part))) > 10, part
        assert re.search(r"\b(le|la|les|des|un|une|du)\b", str(measure.definition))


def test_every_measure_that_the_plan_names_exists() -> None:
    path = ROOT / "countries" / "mali" / "plan.yaml"
    named = set(re.findall(r"measure: (\w+)", path.read_text(encoding="utf-8")))
    assert named <= set(MEASURES)


# -- words -----------------------------------------------------------------------------------------------------------


def choices() -> list[type[Choices]]:
    """Every enumeration of the product."""
    found: dict[str, type[Choices]] = {}
    for path in sources(".py"):
        if "class " not in (text := path.read_text(encoding="utf-8")) or "Choices)" not in text:
            continue
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for owner in (module, *(value for value in vars(module).values() if inspect.isclass(value))):
            for value in vars(owner).values():
                if inspect.isclass(value) and issubclass(value, Choices) and value.__module__ == module.__name__:
                    found[f"{value.__module__}.{value.__qualname__}"] = value
    return [found[name] for name in sorted(found)]


# Never shown: the machinery of the outbox. Notices are whole sentences, translated where they are sent.
UNSHOWN = {f"core.models.outbound.Outbound.{name}" for name in ("State", "Way", "Kind")} | {"directory.enums.Notice"}


@pytest.mark.parametrize("enum", choices(), ids=lambda enum: f"{enum.__module__}.{enum.__qualname__}")
def test_every_value_of_an_enumeration_has_a_french_label_of_its_own(enum: type[Choices]) -> None:
    name = f"{enum.__module__}.{enum.__qualname__}"
    if name in UNSHOWN:
        pytest.skip("never shown")
    labels = [member.label for member in enum]
    assert all(isinstance(label, Promise) for label in labels)
    assert len({str(label) for label in labels}) == len(labels)


def test_there_are_enumerations_to_look_at() -> None:
    assert len(choices()) > 25


def _asked_texts() -> set[str]:
    """The names of SMS texts that the code asks for."""
    asked = set()
    for path in sources(".py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            position = {"fixed_sms": 1, "text_for": 0, "text_and_language": 0}.get(called)
            if position is not None and len(node.args) > position:
                argument = node.args[position]
                asked |= {argument.value} if isinstance(argument, ast.Constant) else set()
    return {str(name) for name in asked}


def test_every_sms_text_that_is_asked_for_exists_and_every_text_is_asked_for(all_sources: str) -> None:
    written = {path.stem for path in (TEXTS / "fra").glob("*.txt")}
    asked = _asked_texts()
    assert len(asked) >= 8
    assert asked <= written
    assert written == set(SmsText.values), "each has a title on the page of texts"
    stages = {"status_received", "status_in_progress", "status_answered", "status_unknown"}
    named = {name for name in written if f'"{name}"' in all_sources}
    assert written - asked - stages - named == set()


@pytest.mark.usefixtures("db")
def test_every_language_has_the_same_texts_and_each_can_be_written() -> None:
    languages = {path.name: {text.stem for text in path.glob("*.txt")} for path in TEXTS.iterdir() if path.is_dir()}
    approval = yaml.safe_load((TEXTS / "approval.yaml").read_text(encoding="utf-8"))
    assert set(approval["approved"]) <= set(languages)
    assert {frozenset(names) for names in languages.values()} == {frozenset(languages["fra"])}
    for name in languages["fra"]:
        assert text_for(name, "fra", number="123456789012", **SAMPLE)


# -- migrations ------------------------------------------------------------------------------------------------------


def test_every_migration_says_what_it_does() -> None:
    names = [path.stem for package in PACKAGES for path in (ROOT / package / "migrations").glob("0*.py")]
    assert names
    assert [name for name in names if re.search(r"_auto_|_alter_\w+_and_more$|^\d+_$", name)] == []


def test_every_state_machine_is_protected() -> None:
    machines = [
        field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if type(field).__name__.startswith("FSM")
    ]
    assert machines
    assert all(getattr(field, "protected", False) for field in machines)


# -- size ------------------------------------------------------------------------------------------------------------

LINKED = re.compile(r"(?:src|href)=\"(/static/[^\"?#]+)")


def weight(html: str) -> int:
    """Bytes on the line: the page as it is, and every static file that it links, compressed as they are served."""
    return len(html.encode()) + sum(_size(link) for link in set(LINKED.findall(html)))


@cache
def _size(link: str) -> int:
    found: Any = finders.find(link.removeprefix("/static/"))
    assert found, f"{link} is linked and does not exist"
    return len(gzip.compress(Path(found).read_bytes()))


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", sorted(name for name in table.OUR_PUBLIC if name.startswith("feedback:")))
def test_a_public_page_is_small(world: World, name: str) -> None:
    if table.OUR_PUBLIC[name] == table.SEND:
        pytest.skip("no page")
    page = world.client("").get(path_of(name, {}))
    assert page.status_code == 200
    assert weight(page.content.decode()) < PUBLIC_LIMIT


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", sorted(name for name, page in table.STAFF.items() if "GET" in page.methods))
def test_a_staff_page_is_small(world: World, name: str) -> None:
    if name == "components":
        pytest.skip("for developers: every component at once")
    page = table.STAFF[name]
    thing = next(iter(page.opens), None)
    if thing is None:
        pytest.skip("opened by nobody in this world")
    who = sorted(page.opens[thing])[0]
    kind, _as, renamed = page.of.partition(" as ")
    known = world.objects[kind][thing] if kind else {}
    path = path_of(name, ({renamed: known["pk"]} if renamed else dict(known)) | dict(page.more))
    shown = world.client(who).get(path + page.query, follow=True)
    assert shown.status_code == 200
    if shown["Content-Type"].startswith(("application/", "audio/")):
        pytest.skip("a file to download or to play, no page")
    assert weight(shown.content.decode()) < STAFF_LIMIT


# -- queries ---------------------------------------------------------------------------------------------------------

LISTS: dict[str, tuple[str, Callable[[World, int], None]]] = {}


def lists(name: str, who: str) -> Callable[[Callable[[World, int], None]], Callable[[World, int], None]]:
    """Names a list page, who reads it, and how one more row is made."""

    def note(make: Callable[[World, int], None]) -> Callable[[World, int], None]:
        LISTS[name] = (who, make)
        return make

    return note


@lists("directory:organisations", "ali")
def _one_more_organisation(world: World, number: int) -> None:
    _copy(world.cast.organisations["pam"], name=f"Organisation {number}", acronym=f"ORG{number}")


@lists("directory:directory", "ali")
def _one_more_service(world: World, number: int) -> None:
    service = world.cast.organisations["nrc"].services.first()
    assert service is not None
    _copy(service).places.set(service.places.all())


@lists("directory:interventions", "ali")
def _one_more_intervention(world: World, number: int) -> None:
    _copy(world.cast.organisations["hcr"].interventions.first(), key=f"{number:064}")


@lists("directory:intervention-files", "djeneba")
def _one_more_5w_file(world: World, number: int) -> None:
    upload_file(b"sigle;admin2Pcod;cluster;activite\nHCR;ML0703;EHA;Puits\n", source_name=f"5W {number}", **_by(world))


def _by(world: World) -> dict[str, Any]:
    return {"once": uuid.uuid4(), "by": world.cast.djeneba}


@lists("directory:people", "adama")
def _one_more_person(world: World, number: int) -> None:
    person = _copy(world.cast.ibrahim, email=f"person{number}@jaabi.example")
    person.role_rows.create(role="focal_point")


@lists("directory:tokens", "adama")
def _one_more_token(world: World, number: int) -> None:
    _copy(world.cast.organisations["nrc"].api_tokens.get(name="nrc"), name=f"SI {number}", hash=f"{number:064}")


@lists("directory:clients", "sira")
def _one_more_client(world: World, number: int) -> None:
    create_client(world.cast.organisations["nrc"], f"SI {number}", ["referrals:read"], by=world.cast.adama)


@lists("referrals:peers", "adama")
def _one_more_peer(world: World, number: int) -> None:
    add_peer(f"Installation {number}", "", by=world.cast.adama)


@lists("referrals:endpoints", "sira")
def _one_more_endpoint(world: World, number: int) -> None:
    add_endpoint(world.cast.organisations["nrc"], f"SI {number}", "https://nrc.example/", by=world.cast.adama)


@lists("feedback:ready_answers", "awa")
def _one_more_answer(world: World, number: int) -> None:
    model = apps.get_model("feedback", "ReadyAnswer")
    _copy(model.objects.first(), title=f"Réponse {number}")


@lists("feedback:deadlines", "djeneba")
def _one_more_deadline(world: World, number: int) -> None:
    model = apps.get_model("feedback", "DeadlineRule")
    _copy(model.objects.filter(category__isnull=False).first(), priority=["emergency", "urgent", "normal"][number % 3])


@lists("directory:calendar", "djeneba")
def _one_more_corrected_day(world: World, number: int) -> None:
    correct_day(date(timezone.localdate().year, 3, number), is_worked=True, reason="Pont", by=world.cast.djeneba)


@lists("directory:audit", "adama")
def _one_more_entry(world: World, number: int) -> None:
    audit.record("directory.user.change", by=world.cast.people[("mariam", "sira", "adama")[number % 3]])


@lists("directory:witnesses", "sira")
def _one_more_witness(world: World, number: int) -> None:
    name_witness(Witness(organisation=world.cast.organisations["nrc"], email=f"w{number}@nrc.example"), by=SYSTEM)


@lists("workplan:journal", "zeina")
def _one_more_act_of_nrc(world: World, number: int) -> None:
    people = [world.cast.oumar, world.cast.rokia, world.cast.fanta]
    audit.record("directory.user.change", by=world.cast.adama, target=people[number % 3])
    pk = world.objects["referral"]["hcr to nrc gao"]["pk"]
    audit.record("referrals.referral.read", by=world.cast.ibrahim, target=Referral.objects.get(pk=pk))


@lists("workplan:verify", "djeneba")
def _one_more_reading(world: World, number: int) -> None:
    draft = Reading.objects.get(pk=world.objects["reading"]["draft"]["pk"])
    value = Value(yes=True) if draft.indicator.kind == "yes_no" else Value(number=number)
    row = readings.save(draft.indicator_id, Quarter(2022, number), value, by=world.cast.lassana)
    readings.submit(row.pk, by=world.cast.lassana)


@lists("feedback:texts", "djeneba")
def _one_more_wording(world: World, number: int) -> None:
    model = apps.get_model("feedback", "TextVersion")
    name = ("receipt", "added", "help")[number % 3]
    model.objects.create(
        name=name, language="bam", words=f"Mots {number}", written_by=world.cast.djeneba, written_at=timezone.now()
    )


@lists("workplan:registers", "djeneba")
def _one_more_entry_of_a_register(world: World, number: int) -> None:
    entry = RegisterEntry.objects.get(pk=world.objects["entry"]["of ocha"]["pk"])
    _copy(entry, id=uuid.uuid4(), key=f"{number:064}", line=f"Requête {number}", words=None, data_key=None)


@lists("workplan:plan_changes", "djeneba")
def _one_more_change_of_the_plan(world: World, number: int) -> None:
    row = Reading.objects.get(pk=world.objects["reading"]["draft"]["pk"]).indicator
    change_element("indicator", row.pk, {"target": 100 + number}, reason="EHP.", by=world.cast.djeneba)


@lists("workplan:notes", "djeneba")
def _one_more_note(world: World, number: int) -> None:
    _copy(apps.get_model("workplan", "PlaceNote").objects.first(), year=2030 + number)


@lists("workplan:silence", "djeneba")
def _one_more_figure(world: World, number: int) -> None:
    _reference_figure(world, number)


@lists("workplan:reference", "djeneba")
def _one_more_reference(world: World, number: int) -> None:
    _reference_figure(world, number)


def _reference_figure(world: World, number: int) -> None:
    apps.get_model("workplan", "ReferenceFigure").objects.create(
        basis="population",
        place=Place.objects.regions()[number],
        sex="female",
        age_group="adult",
        count=100 * number,
        source=f"HNO {number}",
        as_of=date(2022, 1, 1),
        entered_by=world.cast.djeneba,
        entered_at=timezone.now(),
    )


@lists("referrals:desk", "awa")
def _one_more_case(world: World, number: int) -> None:
    case = Case(channel="sms", received_at=timezone.now(), last_spoke_at=timezone.now())
    case.seal(words=f"Le forage {number}", contact="+22300000044")
    case.save(force_insert=True)


@lists("referrals:filters", "awa")
def _one_more_filter(world: World, number: int) -> None:
    keep_filter(FilteredList.MINE, name=f"Filtre {number}", query=f"q={number}", by=world.cast.awa)


@lists("feedback:drafts", "awa")
def _one_more_draft(world: World, number: int) -> None:
    keep_draft(uuid.uuid4(), {"words": [f"Le forage {number}"]}, by=world.cast.awa)


@lists("feedback:booklets", "awa")
def _one_more_booklet(world: World, number: int) -> None:
    hcr = world.cast.organisations["hcr"]
    make_booklet(once=uuid.uuid4(), relay=f"Relais {number}", organisation=hcr, count=2, by=world.cast.awa)


@lists("feedback:sheets", "awa")
def _one_more_sheet(world: World, number: int) -> None:
    usual = {"channel": "paper", "safe_contact": "none"}
    upload_sheet(f"message\nLe forage {number}\n".encode(), usual, once=uuid.uuid4(), by=world.cast.awa)


@lists("feedback:sources", "djeneba")
def _one_more_deposit(world: World, number: int) -> None:
    nrc, content = world.cast.organisations["nrc"], f"periode;categorie;nombre\n2022-0{number};INFO;12\n".encode()
    upload_source_file(content, source=nrc, kind="figures", **_by(world))
    note_deposit(uuid.uuid4(), nrc, ("cases", "figures", "cases")[number % 3], DepositWay.API, {"new": number})


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_takes_as_many_queries_for_three_rows_as_for_one(world: World, name: str) -> None:
    who, make = LISTS[name]
    path = path_of(name, {})
    make(world, 1)
    before = _queries(world, who, path)
    make(world, 2)
    make(world, 3)
    assert _queries(world, who, path) == before


def _queries(world: World, who: str, path: str) -> int:
    world.client(who).get(path)  # whatever is read once and kept is read now
    with CaptureQueriesContext(connections["default"]) as captured:
        assert world.client(who).get(path).status_code == 200
    return len(captured)


def _copy(row: Any, **changes: Any) -> Any:
    """The same row once more."""
    twin: Model = type(row)._default_manager.get(pk=row.pk)
    twin.pk = None
    twin._state.adding = True
    for name, value in changes.items():
        setattr(twin, name, value)
    twin.save()
    return twin
