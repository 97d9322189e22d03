"""Canaries: words and numbers sent through every door, then looked for wherever they could leak.

Found nowhere but on the page of an ordinary case, by its operator; of a restricted one, by those named for its kind;
and of a sealed one, by an officer who opened the vault with their passphrase.
"""

from __future__ import annotations

import base64
import io
import json
import logging
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import publishing
from core.checkpoints import make_checkpoint
from core.logs import JsonFormatter
from core.models import Quarantined
from core.receipt_number import new_number
from directory.actions.witnesses import mail_checkpoints
from feedback.actions import Sorting, triage
from feedback.actions.receive import Spoken, open_case
from feedback.draining import drain
from feedback.models import Case, Category, DataRequest, Draft, Envelope
from psea.models import SealedCase
from referrals.actions import create_and_send
from referrals.actions.sending import Wish
from referrals.models import Referral, ReferralFile
from tests.access import table
from tests.access.addresses import path_of
from tests.access.links import Links
from tests.access.world import World
from tests.feedback.conftest import Telephone
from tests.feedback.outage import nothing_is_written
from tests.stack.traces import disguises, unpacked
from tests.standin import webhooks
from tests.voices import an_ogg
from workplan.models import RegisterEntry

SEA = "Un agent de l'ONG demande des faveurs sexuelles contre la carte d'assistance."
WATER = "Le forage du quartier est en panne depuis trois jours."
PIECE = 6
# The page of an object; where it is closed, so are the others of that object.
OWN_PAGES = frozenset({"referrals:case", "psea:case"})
# A word in which no run of digits could be taken for a number.
LETTERS = str.maketrans("0123456789", "ghijklmnop")
WITH_FILES = ("/parler/", "/travailleurs/")
DATABASES = ("default", "vault_owner")
# The doors that lead to an ordinary case, a restricted one, and the vault.
ORDINARY = (
    "sms", "whatsapp", "web", "api", "entry", "added on the web",
    "entry sorted at once", "register", "file", "what stays of a split", "what stays of another", "split off",
    "spooled", "asked on the web", "file of another", "system of another", "changed in a file of another",
)  # fmt: skip
RESTRICTED = ("fraud by sms",)
# Sealed first, then released to the protection focal points: no SEA, but for them alone.
RELEASED = ("released from the vault",)
# What another organisation sorts as GBV: for the same people.
GBV = ("gbv in a file of another",)
SEALED = (
    "sea by sms", "sea by whatsapp", "later from that telephone", "sea on the web", "delicate on the web",
    "worker on the web", "handed over by another mechanism",
    "sea by api", "delicate entry", "sea in an entry", "protected by its operator",
    "added before it was protected", "protected by its receiver",
    "sea added on the web",
    "sea in an entry sorted at once", "sea in the register", "sea in a file", "sea split off", "sea spooled",
    "asked of a sealed one",
    "sea in a file of another", "sea by its source in a file of another", "sea of the system of another",
    "protected by a file of another", "changed to sea in a file of another",
)  # fmt: skip
# What two organisations keep beside a matter, by who reads it: HCR's focal point sent it, NRC's in Gao receives it,
# and has not accepted.
BESIDE = {
    "internal note": ("ibrahim",),
    "file of the person": ("ibrahim",),
    "file of the receiver": ("fanta", "ibrahim"),
    # What the plan's keepers write of a threat, and the name of a file beside a value that is not verified.
    "words of a saisine": ("djeneba", "lassana"),
    "file of evidence": ("lassana",),
}
READERS = {who for readers in BESIDE.values() for who in readers}
# Refused at a gateway's door, and kept sealed: nobody's.
QUARANTINED = ("forged", "sea forged")


@dataclass(frozen=True)
class Canary:
    """What one door was given: a word nobody else writes, and the number of whoever spoke, if they gave one."""

    door: str
    word: str
    phone: str = ""

    def spellings(self) -> set[str]:
        """How the word and the number may be written."""
        if not self.phone:
            return {self.word}
        local = self.phone.removeprefix("+223")
        pairs = re.findall("..", local)
        return {self.word, self.phone, f"00223{local}", f"223{local}", local, *(sign.join(pairs) for sign in " -.")}


@dataclass
class Traces:
    """What the product wrote while the canaries flew: log lines, published tasks, SMS that left."""

    log: io.StringIO = field(default_factory=io.StringIO)
    tasks: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def traces(monkeypatch: pytest.MonkeyPatch, outgoing: list[tuple[str, str]]) -> Iterator[Traces]:
    """Everything logged as production writes it, every task as it is published, every SMS handed over."""
    kept = Traces(sent=outgoing)
    handler = logging.StreamHandler(kept.log)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    send = publishing._send

    def note(task: str, ids: tuple[str, ...]) -> None:
        kept.tasks.append((task, ids))
        send(task, ids)

    monkeypatch.setattr(publishing, "_send", note)
    yield kept
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def outgoing(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """(recipient, text) of what left through the console gateway."""
    from core.gateways.console import ConsoleGateway  # noqa: PLC0415

    sent: list[tuple[str, str]] = []
    send = ConsoleGateway.send

    def keep(self: ConsoleGateway, to: str, body: str, *, reference: str) -> str:
        sent.append((to, body))
        return send(self, to, body, reference=reference)

    monkeypatch.setattr(ConsoleGateway, "send", keep)
    return sent


class Aviary:
    """Sends the canaries, each through a real door."""

    def __init__(self, world: World, traces: Traces) -> None:
        self.world, self.traces = world, traces
        self.canaries: dict[str, Canary] = {}
        self.numbers: dict[str, str] = {}
        self.files: set[str] = set()

    def canary(self, door: str, *, phone: bool = False) -> Canary:
        count = len(self.canaries) + 1
        number = f"+2237{count:02}9{count * 137 % 10000:04}" if phone else ""
        made = Canary(door, f"Kanari{count:02}zq{uuid.uuid4().hex[:10].translate(LETTERS)}", number)
        self.canaries[door] = made
        return made

    def sms(self, door: str, words: str, *, phone: str = "") -> Canary:
        made = self.canary(door, phone=not phone)
        telephone = Telephone(phone or made.phone, self.traces.sent)
        assert telephone.says(f"{words} {made.word}").status_code == 200
        return made

    def forged(self, door: str, words: str) -> Canary:
        made = self.canary(door, phone=True)
        fields = webhooks.inbound("AC", sender=made.phone, to="+22300000099", body=f"{words} {made.word}")
        telephone = Telephone(made.phone, self.traces.sent)
        assert telephone.post("/sms/twilio/", fields, token="guessed").status_code == 403
        return made

    def whatsapp(self, door: str, words: str) -> None:
        made = self.canary(door, phone=True)
        telephone = Telephone(f"whatsapp:{made.phone}", self.traces.sent)
        assert telephone.says(f"{words} {made.word}").status_code == 200

    def form(self, door: str, path: str, who: str = "", **fields: str) -> Canary:
        """A web form, with a number to be reached at."""
        made = self.canary(door, phone=True)
        words = f"{fields.pop('words')} {made.word}"
        client = self.world.client(who)
        said: dict[str, Any] = {
            "once": str(uuid.uuid4()),
            "words": words,
            "safe_contact": "call",
            "contact": made.phone,
            "name": made.word,
        }
        said |= fields
        if path in WITH_FILES:
            said["voice"] = SimpleUploadedFile(f"{made.word}.ogg", an_ogg(made.word.encode(), note=made.word.encode()))
        response = client.post(path, said)
        assert response.status_code in (200, 302), (door, response.status_code)
        if response.status_code == 302:
            response = client.get(response["Location"])
        self._note_number(door, response.content.decode())
        return made

    def api(self, door: str, words: str) -> Canary:
        made = self.canary(door, phone=True)
        response = self.world.client("").post(
            "/api/v1/cases/",
            json.dumps({"words": f"{words} {made.word}", "phone": made.phone, "safe_contact": "call"}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.world.tokens['hcr']}", "Idempotency-Key": made.word},
        )
        assert response.status_code == 201, response.content
        self._note_number(door, response.content.decode())
        return made

    def add(self, door: str, number: str, words: str) -> None:
        made = self.canary(door)
        fields = {"number": number, "more": f"{words} {made.word}", "once": str(uuid.uuid4())}
        assert made.word not in self.world.client("").post("/suivi/", fields).content.decode()

    def ask(self, door: str, number: str, words: str) -> None:
        """The holder of a number wants what they said corrected; the words of the request are theirs too."""
        made = self.canary(door)
        fields = {"number": number, "wish": "correct", "wish_words": f"{words} {made.word}", "once": str(uuid.uuid4())}
        page = self.world.client("").post("/suivi/", fields).content.decode()
        assert "Votre demande est notée" in page
        assert made.word not in page

    def case_of(self, door: str) -> Case:
        """The case outside the vault that holds this canary."""
        word = self.canaries[door].word
        return next(case for case in Case.objects.exclude(state="protected") if word in case.unsealed("words"))

    def protect_as_receiver(self, door: str) -> None:
        """Awa sorts it and sends the matter to HCR, whose focal point sees what it is."""
        cast, case = self.world.cast, self.case_of(door)
        sorting = Sorting(Category.objects.get(pk="INSAT_MAJ"), "Forage en panne")
        triage(case.pk, sorting, by=cast.awa)
        sent = create_and_send(case.pk, Wish(cast.organisations["hcr"].pk), by=cast.awa)
        assert self.world.client("ibrahim").post(reverse("referrals:protect", args=[sent.pk])).status_code == 302
        assert Case.objects.get(pk=case.pk).state == "protected"

    def release(self, door: str, words: str) -> None:
        """A delicate one, which Aminata opens, finds to be GBV, and hands to the protection focal points."""
        before = set(_sealed_ids())
        self.form(door, "/parler/", words=words, listener="woman")
        (sealed,) = set(_sealed_ids()) - before
        officer = self.world.client("aminata")
        for name, fields in (
            ("psea:open", {}),
            ("psea:reclassify", {"as_what": "gbv_or_child", "confirmed": "on"}),
            ("feedback:release", {"was_read": "on"}),
        ):
            assert officer.post(reverse(name, args=[sealed]), fields).status_code == 302, name
        assert self.case_of(door).restricted_kind == "protection"

    def register(self, door: str, words: str) -> None:
        """One row of a paper register."""
        made = self.canary(door)
        row = {"words": f"{words} {made.word}", "once": str(uuid.uuid4()), "sex": "not_said", "age_group": "not_said"}
        typed = {"channel": "paper", "language": "not_said", "ligne-TOTAL_FORMS": "20", "ligne-INITIAL_FORMS": "0"}
        typed |= {f"ligne-0-{name}": value for name, value in (row | {"consent": "not_asked"}).items()}
        response = self.world.client("awa").post("/cases/register/", typed)
        assert response.status_code == 200
        self._note_number(door, response.content.decode())

    def file(self, **words: str) -> None:
        """A file of a help desk, one row for each door, under a name that says too much."""
        made = {door.replace("_", " "): said for door, said in words.items()}
        lines = [f'"{said} {self.canary(door).word}"' for door, said in made.items()]
        content = SimpleUploadedFile("Plaintes.csv", "\n".join(["message", *lines]).encode())
        operator, asked = self.world.client("awa"), {"channel": "help_desk", "safe_contact": "none"}
        sent = operator.post("/cases/sheets/", asked | {"once": str(uuid.uuid4()), "file": content})
        assert operator.post(sent["Location"], {"words": "0", "then": "start"}).status_code == 302
        assert f"{len(lines)} lignes enregistrées" in operator.get(sent["Location"]).content.decode()

    def of_another(self, *rows: tuple[str, str, str, str]) -> None:
        """A file of another organisation: (door, its id, its category, words); the page shows nothing of it."""
        cells = {door: f'{row_id};{word};"{said} {self.canary(door).word}"' for door, row_id, word, said in rows}
        content = SimpleUploadedFile("Plaintes.csv", "\n".join(["id;categorie;message", *cells.values()]).encode())
        operator, canaries = self.world.client("awa"), [self.canaries[door] for door in cells]
        asked = {"source": self.world.cast.organisations["nrc"].pk, "kind": "cases", "safe_contact": "none"}
        sent = operator.post("/cases/sources/", asked | {"once": str(uuid.uuid4()), "file": content})
        for then in ({"then": "check", "row_id": "0", "category": "1", "words": "2"}, {"then": "take"}):
            assert found_in_bytes(operator.get(sent["Location"]).content, canaries) == set()
            assert operator.post(sent["Location"], then).status_code == 302
        report = operator.get(sent["Location"]).content
        assert f"<dd>{len(cells)}</dd>".encode() in report
        assert found_in_bytes(report, canaries) == set()

    def of_its_system(self, **words: str) -> None:
        """What another organisation's own system hands over, one thing for each door."""
        made = {door.replace("_", " "): said for door, said in words.items()}
        items = [{"id": door, "words": f"{said} {self.canary(door).word}"} for door, said in made.items()]
        answer = self.world.client("").post(
            "/api/v1/feedback/",
            json.dumps({"items": items}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.world.tokens['nrc']}", "Idempotency-Key": uuid.uuid4().hex},
        )
        assert answer.status_code == 200, answer.content
        assert found_in_bytes(answer.content, [self.canaries[door] for door in made]) == set()

    def split(self, whole: str, door: str, words: str) -> None:
        """A message that an operator typed, and of which a part then goes to a case of its own."""
        part = f"{words} {self.canary(door).word}"
        kept = self.canary(whole)
        case = open_case(
            Spoken(f"canary:{whole}", new_number(), f"{WATER} {kept.word}. {part}", "paper", datetime.now(UTC)),
            by=self.world.cast.awa,
        )
        typed = {"once": str(uuid.uuid4()), "passages": part, "safety": "no"}
        response = self.world.client("awa").post(reverse("feedback:split", args=[case.pk]), typed)
        assert response.status_code == 200
        self._note_number(door, response.content.decode())

    def draft(self) -> Canary:
        """What an operator is typing, kept for her."""
        made = Canary("draft", f"Kanaribrouillon{uuid.uuid4().hex[:10]}")
        typed = {"once": str(uuid.uuid4()), "words": f"{WATER} {made.word}"}
        assert self.world.client("awa").post("/cases/drafts/", typed).json() == {"kept": 1}
        assert self.world.client("awa").post("/cases/drafts/", typed | {"words": SEA}).json() == {"kept": 0}
        assert self.world.client("awa").post("/cases/drafts/", typed).json() == {"kept": 1}
        return made

    def note(self, door: str) -> None:
        made = self.canary(door)
        path = path_of("referrals:note", self.world.objects["referral"]["hcr to nrc gao"])
        assert self.world.client("ibrahim").post(path, {"words": f"À revoir {made.word}"}).status_code == 302

    def join(self, door: str, who: str, thing: str) -> None:
        """A voice, under a name that says too much."""
        made = self.canary(door)
        path = path_of("referrals:attach", {"pk": self.world.objects["file"][thing]["pk"]})
        voice = SimpleUploadedFile(f"{made.word}.ogg", an_ogg(made.word.encode(), note=made.word.encode()))
        assert self.world.client(who).post(path, {"once": str(uuid.uuid4()), "file": voice}).status_code == 302

    def saisine(self, door: str) -> None:
        made = self.canary(door)
        path = path_of("workplan:entry_new", {"kind": "saisines"})
        said = {"day": "2021-02-03", "line": "Attaques répétées", "fact_why": f"Trois villages, {made.word}"}
        assert self.world.client("lassana").post(path, said).status_code == 302

    def evidence(self, door: str) -> None:
        made = self.canary(door)
        path = path_of("workplan:evidence_join", self.world.objects["reading"]["draft"])
        file = SimpleUploadedFile(f"{made.word}.pdf", b"%PDF-1.4\n%%EOF " + made.word.encode())
        assert self.world.client("lassana").post(path, {"file": file}).status_code == 302

    def _note_number(self, door: str, page: str) -> None:
        words = re.sub(r"<[^>]*>|&nbsp;", " ", page)
        found = re.search(r"\b\d{4}\s+\d{4}\s+\d{4}\b", words)
        assert found, (door, " ".join(words.split())[:1500])
        self.numbers[door] = re.sub(r"\D", "", found.group())


@pytest.fixture(autouse=True)
def spool_folder(settings: Any, tmp_path: Path) -> Path:
    settings.SPOOL_DIR = tmp_path / "spool"
    return tmp_path / "spool"


@pytest.fixture
def flown(world: World, traces: Traces, db: None) -> Aviary:
    """Every canary sent; some of what they said then sorted, protected, added to."""
    mail.outbox.clear()
    made = Aviary(world, traces)
    made.sms("sms", WATER)
    made.sms("fraud by sms", WATER)
    sea = made.sms("sea by sms", SEA)
    made.whatsapp("whatsapp", WATER)
    made.whatsapp("sea by whatsapp", SEA)
    made.sms("later from that telephone", "Merci, je voulais dire aussi que", phone=sea.phone)
    spoiled = made.sms("protected by its operator", WATER)
    made.sms("added before it was protected", "Et encore ceci", phone=spoiled.phone)
    made.sms("protected by its receiver", WATER)
    with nothing_is_written():
        made.sms("spooled", WATER)
        made.sms("sea spooled", SEA)
    assert drain() == 2
    made.forged("forged", WATER)
    made.forged("sea forged", SEA)
    made.form("web", "/parler/", words=WATER)
    made.form("sea on the web", "/parler/", words=SEA)
    made.form("delicate on the web", "/parler/", words=WATER, listener="woman")
    made.form("worker on the web", "/travailleurs/", words=WATER)
    known = {"child": "unknown", "danger": "no"}
    made.form("handed over by another mechanism", "/vault/handed/", "aminata", words=WATER, **known)
    made.api("api", WATER)
    made.api("sea by api", SEA)
    typed = {"channel": "help_desk", "mode": "self", "consent": "yes", "sex": "not_said", "age_group": "not_said"}
    typed |= {"disability": "not_said", "population_status": "not_said", "language": "not_said"}
    made.form("entry", "/cases/new/", "awa", words=WATER, **typed)
    made.form("sea in an entry", "/cases/new/", "awa", words=SEA, **typed)
    made.form("delicate entry", "/cases/new/delicate/", "awa", words=WATER, channel="help_desk", listener="any")
    at_once = {**typed, "then": "sort", "safety": "no", "category": "INSAT_MAJ", "summary": "Forage en panne"}
    made.form("entry sorted at once", "/cases/new/", "awa", words=WATER, **at_once)
    made.form("sea in an entry sorted at once", "/cases/new/", "awa", words=SEA, **at_once)
    made.register("register", WATER)
    made.register("sea in the register", SEA)
    made.file(file=WATER, sea_in_a_file=SEA)
    made.of_another(
        ("file of another", "1", "INSAT_MAJ", WATER),
        ("sea in a file of another", "2", "INSAT_MAJ", SEA),
        ("sea by its source in a file of another", "3", "EAS", WATER),
        ("gbv in a file of another", "4", "PROT.vbg", WATER),
        ("protected by a file of another", "5", "INSAT_MAJ", WATER),
    )
    made.of_another(
        ("changed in a file of another", "1", "INSAT_MAJ", WATER), ("changed to sea in a file of another", "5", "", SEA)
    )
    made.of_its_system(system_of_another=WATER, sea_of_the_system_of_another=SEA)
    made.split("what stays of a split", "split off", WATER)
    made.split("what stays of another", "sea split off", SEA)
    made.add("added on the web", made.numbers["web"], WATER)
    made.add("sea added on the web", made.numbers["web"], SEA)
    made.ask("asked on the web", made.numbers["api"], WATER)
    made.ask("asked of a sealed one", made.numbers["sea on the web"], WATER)
    made.release("released from the vault", WATER)
    made.note("internal note")
    made.join("file of the person", "ibrahim", "of a person, hcr to nrc gao")
    made.join("file of the receiver", "fanta", "hcr to nrc gao")
    made.saisine("words of a saisine")
    made.evidence("file of evidence")
    fraud = Sorting(Category.objects.get(pk="FRAUDE"), "Détournement signalé")
    triage(made.case_of("fraud by sms").pk, fraud, by=world.cast.awa)
    protected = made.case_of("protected by its operator")
    answer = world.client("awa").post(reverse("referrals:case_protect", args=[protected.pk]), {"seen": "new"})
    assert answer.status_code == 302
    assert Case.objects.get(pk=protected.pk).state == "protected"
    made.protect_as_receiver("protected by its receiver")
    make_checkpoint(timezone.now())
    assert mail_checkpoints(timezone.now()) == 1
    return made


def test_a_draft_is_sealed_and_shown_to_its_operator_alone(world: World, traces: Traces, db: None) -> None:
    made = Aviary(world, traces).draft()
    assert found_in_tables([made]) == set()
    draft = Draft.objects.latest("saved_at")
    path = f"/cases/new/?brouillon={draft.pk}"
    readers = {who for who in world.people if found_in_bytes(world.client(who).get(path).content, [made])}
    assert readers == {"awa"}
    assert found_in_bytes(world.client("awa").get("/cases/drafts/").content, [made]) == set()


def test_a_plan_on_its_way_in_is_sealed_and_shown_to_whoever_gave_it(world: World, traces: Traces, db: None) -> None:
    made = Canary("plan", f"Kanariplan{uuid.uuid4().hex[:10]}")
    table = f"Activité;Indicateur\n1.1.1 {made.word};# de réunions\n".encode()
    file = SimpleUploadedFile("plan.csv", table)
    path = world.client("lassana").post("/workplan/plans/new/", {"file": file})["Location"]
    assert found_in_tables([made]) == set()
    assert found_in_bytes(traces.log.getvalue().encode(), [made]) == set()
    readers = {who for who in ("lassana", "djeneba") if found_in_bytes(world.client(who).get(path).content, [made])}
    assert readers == {"lassana"}


# -- the searcher itself ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "planted",
    [
        "avant Kanariplanté après",
        base64.b64encode("..Kanariplanté".encode()).decode(),
        "70-11-12-13",
        "0022370111213",
        json.dumps({"words": "Kanariplanté"}),
    ],
)
def test_the_searcher_finds_what_is_planted(db: None, planted: str) -> None:
    canary = Canary("none", "Kanariplanté", "+22370111213")
    before = Envelope.objects.create(gateway="x", provider_id="1", received_at=datetime.now(UTC))
    assert found_in_tables([canary]) == set()

    Envelope.objects.filter(pk=before.pk).update(body=planted.encode())
    assert found_in_tables([canary]) == {("feedback_envelope", "none")}
    Envelope.objects.filter(pk=before.pk).update(body=None, provider_id=planted)
    assert found_in_tables([canary]) == {("feedback_envelope", "none")}
    assert found_in_bytes(planted.encode(), [canary]) == {"none"}


# -- at rest ---------------------------------------------------------------------------------------------------------


def test_nothing_that_was_said_stands_in_clear_at_rest_or_on_its_way(flown: Aviary, traces: Traces) -> None:
    canaries = list(flown.canaries.values())
    assert set(flown.canaries) == {*ORDINARY, *RESTRICTED, *RELEASED, *GBV, *SEALED, *QUARANTINED, *BESIDE}
    numbers = [Canary(f"number of {door}", number) for door, number in flown.numbers.items()]

    assert found_in_tables([*canaries, *numbers]) == set()
    assert found_in_bytes(traces.log.getvalue().encode(), [*canaries, *numbers]) == set()
    assert found_in_bytes(_mails(), [*canaries, *numbers]) == set()
    assert found_in_bytes(_cached(), [*canaries, *numbers]) == set()
    texts = json.dumps([body for _to, body in traces.sent], ensure_ascii=False).encode()
    assert found_in_bytes(texts, canaries) == set()
    assert len(traces.sent) >= 4, "receipts left"
    assert traces.log.getvalue(), "something was logged"
    for chain in ("ordinary", "vault", "points"):
        assert found_in_bytes(_audit_given_away(chain), [*canaries, *numbers]) == set(), chain
    assert {task for task, _ids in traces.tasks} >= {"feedback.tasks.handle_envelope", "core.tasks.deliver"}
    assert all(str(uuid.UUID(one)) == one for _task, ids in traces.tasks for one in ids), "ids and nothing else"
    assert _kinds_of_envelopes() == {("handled", True, True, True, True)}, "alike in every lane"


def test_what_waits_on_disk_for_the_database_says_nothing_in_any_lane(
    world: World, traces: Traces, db: None, spool_folder: Path
) -> None:
    made = Aviary(world, traces)
    with nothing_is_written():
        ordinary, sea = made.sms("spooled", WATER), made.sms("sea spooled", SEA)
        refused = made.forged("sea forged", SEA)
    files = [path for path in spool_folder.iterdir() if path.suffix == ".sealed"]
    assert len(files) == 3
    for path in spool_folder.iterdir():
        assert found_in_bytes(path.name.encode() + path.read_bytes(), [ordinary, sea, refused]) == set()
    assert found_in_bytes(traces.log.getvalue().encode(), [ordinary, sea, refused]) == set()
    assert drain() == 3
    assert list(spool_folder.glob("*.sealed")) == []
    assert found_in_tables([ordinary, sea, refused]) == set()
    assert Quarantined.objects.count() == 1


# -- on every page of everyone ----------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.long
def test_each_canary_is_read_by_those_who_may_and_by_nobody_else(flown: Aviary) -> None:
    """On every page of everyone; and no page offers its reader a way that is closed to them."""
    world = flown.world
    browsers = {who: world.client(who) for who in ("", *world.people)}
    early = {
        door
        for who in ("aminata", "rokia")
        for door in _read_in(who, browsers[who], flown, Links(world, who, {}), "psea:")
    }
    assert not early & set(SEALED), "nothing is open yet"
    _open_as_an_officer(flown, browsers["aminata"])

    followed: dict[str, bool] = {}
    links = {who: Links(world, who, followed) for who in browsers}
    found = {who: _read_in(who, browser, flown, links[who]) for who, browser in browsers.items()}

    reads = {who: doors for who, doors in found.items() if doors}
    assert reads == {
        "awa": set(ORDINARY),
        "salif": set(RESTRICTED),
        "binta": set(RESTRICTED),
        "kadia": {*RELEASED, *GBV},
        "yaya": {*RELEASED, *GBV},
        "aminata": set(SEALED),
        "rokia": set(SEALED),
        **{who: {door for door, readers in BESIDE.items() if who in readers} for who in READERS},
    }
    assert all(links[who].shown_by for who in world.people)
    assert {who: ways for who, browser in browsers.items() if (ways := links[who].closed(browser))} == {}


def test_the_api_metrics_errors_and_public_pages_say_nothing(flown: Aviary) -> None:
    client = flown.world.client("")
    canaries = list(flown.canaries.values())
    pages = ["/metrics", "/readyz", "/", "/suivi/", "/rien-du-tout/", "/api/v1/schema/", "/demo/"]
    pages += ["/preuves/", "/preuves/points.jsonl"]
    for path in pages:
        assert found_in_bytes(client.get(path).content, canaries) == set(), path
    for token in ("hcr", "nrc"):
        headers = {"Authorization": f"Bearer {flown.world.tokens[token]}"}
        for path in ("referrals/", "referrals/?side=sender", "cases/", "services/", "organisations/", "checkpoints/"):
            answer = client.get(f"/api/v1/{path}", headers=headers)
            assert answer.status_code == 200
            assert found_in_bytes(answer.content, canaries) == set(), path
    for door, number in flown.numbers.items():
        page = client.post("/suivi/", {"number": number})
        assert page.status_code == 200
        assert found_in_bytes(page.content, canaries) == set(), door


def test_an_error_of_ours_shows_and_logs_nothing_of_what_was_sent(
    world: World, traces: Traces, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = Canary("broken", "Kanaricassé", "+22370141516")

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError(f"{canary.word} {canary.phone}")

    monkeypatch.setattr("feedback.views.public.speaking.receive", broken)
    fields = {"words": f"{WATER} {canary.word}", "once": str(uuid.uuid4()), "contact": canary.phone}
    response = world.client("").post("/parler/", fields | {"safe_contact": "call"})
    assert response.status_code == 500
    assert found_in_bytes(response.content, [canary]) == set()
    assert "RuntimeError" in traces.log.getvalue()
    assert found_in_bytes(traces.log.getvalue().encode(), [canary]) == set()


# -- how ------------------------------------------------------------------------------------------------------------


def found_in_bytes(content: bytes, canaries: list[Canary]) -> set[str]:
    """The doors whose canary stands in this, in any spelling and disguise."""
    pieces = {content[at : at + PIECE] for at in range(len(content))}
    return {
        one.door
        for one in canaries
        if any(beginning in pieces and spelled in content for beginning, spelled in _wanted(one))
    }


@cache
def _wanted(canary: Canary) -> list[tuple[bytes, bytes]]:
    """How it may be written, each with how that begins: a page of which no piece begins so need not be searched."""
    signs = {sign for spelling in canary.spellings() for sign in disguises(spelling)}
    return [(sign[:PIECE], sign) for sign in signs]


def found_in_tables(canaries: list[Canary]) -> set[tuple[str, str]]:
    """(table, door) wherever a row of any table of any database holds a canary."""
    found = set()
    for alias in DATABASES:
        connection = connections[alias]
        for name in connection.introspection.table_names():
            content = _rows(connection, name)
            found |= {(name, door) for door in found_in_bytes(content, canaries)}
    return found


def _rows(connection: Any, name: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"select * from {connection.ops.quote_name(name)}")  # noqa: S608  a name that the database gave
        return b"\x1e".join(b"\x1f".join(_bytes(value) for value in row) for row in cursor.fetchall())


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    if isinstance(value, str):
        return value.encode()
    return json.dumps(value, ensure_ascii=False, default=str).encode()


def _audit_given_away(chain: str) -> bytes:
    written = io.StringIO()
    call_command("export_audit", chain, stdout=written)
    assert written.getvalue()
    return written.getvalue().encode()


def _kinds_of_envelopes() -> set[tuple[Any, ...]]:
    """What an envelope still holds, and in which state."""
    return {
        (row.state, row.sender is None, row.body is None, row.data_key is None, row.receipt_number is None)
        for row in Envelope.objects.all()
    }


def _mails() -> bytes:
    assert mail.outbox, "notices left"
    return "\n".join(str(message.message()) for message in mail.outbox).encode()


def _cached() -> bytes:
    """All that the cache holds: its files, or its keys in Redis with their values."""
    if settings.REDIS_URL:
        with redis.Redis.from_url(settings.REDIS_URL) as server:
            return b"\n".join(key + (server.dump(key) or b"") for key in server.scan_iter())
    location = Path(str(settings.CACHES["default"]["LOCATION"]))
    return b"\n".join(path.read_bytes() for path in location.rglob("*") if path.is_file())


def _sealed_ids() -> list[Any]:
    return list(SealedCase.objects.using("vault").values_list("pk", flat=True))


def _open_as_an_officer(flown: Aviary, client: Client) -> None:
    """Aminata's vault is locked: she types her passphrase, and opens every sealed case."""
    client.cookies.pop("vault")
    assert client.get("/vault/cases/")["Location"].startswith("/vault/?")
    assert client.post("/vault/", {"word_1": flown.world.passphrases["aminata"]}).status_code == 302
    for case_id in SealedCase.objects.visible_to(flown.world.cast.aminata).values_list("pk", flat=True):
        assert client.post(reverse("psea:open", args=[case_id])).status_code == 302


def _read_in(who: str, client: Client, flown: Aviary, links: Links, within: str = "") -> set[str]:
    """The doors whose canary some page shows to this person, in this browser. `within`: how names of pages begin.

    The links of those pages are noted.

    That a page, and whatever stands behind the page of an object, is not there for whom it is closed, is what
    `test_access.py` holds for every one of them: here they are not asked for again. Nor is the file of a plan for each
    of its many readers: it is made of what the address names.
    """
    canaries, made = list(flown.canaries.values()), _made()
    found: set[str] = set()
    closed = set()
    for name, page in sorted(table.STAFF.items(), key=lambda item: item[0] not in OWN_PAGES):
        if "GET" not in page.methods or name == "components" or not name.startswith(within):
            continue
        for one in _objects(flown.world, page, who, made):
            key = (page.of.partition(" as ")[0], *map(str, one.values()))
            if key not in closed:
                path = path_of(name, one) + page.query
                if key[0] not in made and path in flown.files:
                    continue
                answer = client.get(path)
                links.note(path, answer)
                found |= found_in_bytes(answer.content, canaries)
                if answer.status_code == 200 and "text/" not in answer.headers["Content-Type"]:
                    flown.files.add(path)
                    found |= found_in_bytes(b"".join(unpacked(answer.content)), canaries)
                if name in OWN_PAGES and answer.status_code == 404:
                    closed.add(key)
    return found


def _made() -> dict[str, list[dict[str, Any]]]:
    """The arguments of all that may hold a canary, by kind."""
    return {
        "case": [{"pk": pk} for pk in Case.objects.values_list("pk", flat=True)],
        "data request": [{"pk": pk} for pk in DataRequest.objects.values_list("pk", flat=True)],
        "referral": [{"pk": pk} for pk in Referral.objects.values_list("pk", flat=True)],
        "file": [{"pk": file.referral_id, "file": file.pk} for file in ReferralFile.objects.all()],
        "entry": [{"pk": pk} for pk in RegisterEntry.objects.values_list("pk", flat=True)],
        "sealed": [{"case_id": pk} for pk in SealedCase.objects.using("vault").values_list("pk", flat=True)],
    }


def _objects(world: World, page: table.Page, who: str, made: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """What a page is asked for: all that was made of its kind, else the first of the world that this person may see."""
    kind, _as, renamed = page.of.partition(" as ")
    if kind in made:
        return [{renamed: one["pk"]} if renamed else one for one in made[kind]]
    of_the_world = world.objects[kind] if kind else {"": {}}
    return [one for thing, one in of_the_world.items() if not who or who in page.who_may("GET", thing)][:1]
