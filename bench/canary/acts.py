"""What people do in a running product, each with a canary: by SMS, on the web, at the desk, in the vault."""

from __future__ import annotations

import http.client
import itertools
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.posts import PATH, signed
from bench.production import AS_THE_FRONT, PUBLIC_URL, Production

WORD_STEM = "kanarizqou"
# Beside these seven digits, what is free of an invented number is its last ones.
FIRST_PHONE = 6543200
WATER = "Le forage du quartier est en panne depuis trois jours"
SEA = "Un agent de l'ONG demande des faveurs sexuelles contre la carte d'assistance"
CSRF = "c" * 32
WAIT = 30.0
NEWEST_CASE = "select id from feedback_case order by received_at desc limit 1"
NEWEST_SEALED = "select id from psea_sealedcase order by received_at desc, state_since desc limit 1"
# Answers that show whoever typed what they typed, so that it can be mended.
THEIR_OWN = {200, 302, 422}
Answer = tuple[int, bytes]
PROFILE = {"sex": "not_said", "age_group": "not_said", "disability": "not_said", "population_status": "not_said"}


@dataclass
class House:
    """The product, its people, and where answers that should tell nothing are kept."""

    product: Production
    people: dict[str, Any]
    kept: Path
    count: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def word(self) -> str:
        """A canary that nobody used before."""
        return f"{WORD_STEM}{next(self.count)}x"

    def phone(self) -> int:
        return FIRST_PHONE + next(self.count) % 100

    def ask(self, who: str, method: str, path: str, fields: dict[str, Any] | None = None) -> Answer:
        """As this person's browser would; "" is nobody. An answer that is not the person's own form is kept."""
        cookies = self.people["cookies"].get(who, {}) | {"__Host-csrf": CSRF}
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        body = urlencode({"csrfmiddlewaretoken": CSRF} | fields, doseq=True).encode() if fields is not None else b""
        if fields is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": PUBLIC_URL + path}
        return self.send(method, path, body, headers)

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.product.web_port, timeout=WAIT)
        named = {**AS_THE_FRONT, "Origin": PUBLIC_URL}
        line.request(method, path, body=body or None, headers=named | headers)
        answer = line.getresponse()
        told = (str(answer.headers)).encode() + answer.read()
        line.close()
        if answer.status not in THEIR_OWN:
            (self.kept / f"{answer.status}-{uuid.uuid4().hex}").write_bytes(told)
        return answer.status, told

    def newest(self, query: str, database: str = "jaabi") -> str:
        with self.product.connect(database) as connection:
            row = connection.execute(query.encode()).fetchone()
        assert row is not None, query
        return str(row[0])


@dataclass(frozen=True)
class Act:
    """`prepare` runs undisturbed, and gives what `go` is told; `go` carries the canary. `waits`: a worker does it.

    `is_refused`: what is typed is wrong, and the product says so.
    """

    name: str
    go: Callable[[House, str, str], Answer]
    prepare: Callable[[House], str] = lambda house: ""
    waits: bool = False
    is_refused: bool = False


def _sms(words: str) -> Callable[[House, str, str], Answer]:
    def go(house: House, told: str, word: str) -> Answer:
        request = signed(house.phone(), sid=f"SM{uuid.uuid4().hex}", words=f"{words} {word}")
        return house.send("POST", PATH, request.body, request.headers)

    return go


def _web(words: str, path: str = "/parler/", **more: str) -> Callable[[House, str, str], Answer]:
    def go(house: House, told: str, word: str) -> Answer:
        said = {"once": str(uuid.uuid4()), "words": f"{words} {word}", "safe_contact": "call", "place": ""}
        said |= {"contact": f"+2237{house.phone():07}", "concerned": "", "listener": ""}
        return house.ask("", "POST", path, said | more)

    return go


def _entry(words: str) -> Callable[[House, str, str], Answer]:
    def go(house: House, told: str, word: str) -> Answer:
        typed = {"once": str(uuid.uuid4()), "words": f"{words} {word}", "channel": "help_desk", "mode": "self"}
        typed |= {"consent": "yes", "language": "not_said", "safe_contact": "call", "name": word} | PROFILE
        return house.ask("awa", "POST", "/cases/new/", typed | {"contact": f"+2237{house.phone():07}"})

    return go


def _api(house: House, told: str, word: str) -> Answer:
    said = {"words": f"{WATER} {word}", "phone": f"+2237{house.phone():07}", "safe_contact": "call"}
    headers = {"Authorization": f"Bearer {house.people['tokens']['hcr']}", "Idempotency-Key": uuid.uuid4().hex}
    return house.send(
        "POST", "/api/v1/cases/", json.dumps(said).encode(), headers | {"Content-Type": "application/json"}
    )


def _ordinary(house: House) -> str:
    """An ordinary case with a canary of its own."""
    _entry(WATER)(house, "", house.word())
    return house.newest(NEWEST_CASE)


def _sealed(house: House) -> str:
    """A sealed case, handed over by another mechanism."""
    _handed(house, "", house.word())
    return house.newest(NEWEST_SEALED, "jaabi_vault")


def _opened(house: House) -> str:
    case = _sealed(house)
    house.ask("aminata", "POST", f"/vault/cases/{case}/open/", {})
    return case


def _not_sea(house: House) -> str:
    case = _opened(house)
    house.ask("aminata", "POST", f"/vault/cases/{case}/reclassify/", {"as_what": "gbv_or_child", "confirmed": "on"})
    return case


def _handed(house: House, told: str, word: str) -> Answer:
    said = {"once": str(uuid.uuid4()), "words": f"{WATER} {word}", "safe_contact": "call", "child": "unknown"}
    said |= {"contact": f"+2237{house.phone():07}", "danger": "no"}
    return house.ask("aminata", "POST", "/vault/handed/", said)


def _protect(house: House, case: str, word: str) -> Answer:
    return house.ask("awa", "POST", f"/cases/{case}/protect/", {"seen": "new"})


def _sort(house: House, case: str, word: str) -> Answer:
    sorting = {"seen": "new", "safety": "no", "category": "INSAT_MAJ", "summary": "Forage en panne"}
    sorting |= PROFILE | {"language": "not_said", "priority": "normal"}
    return house.ask("awa", "POST", f"/cases/{case}/triage/", sorting)


def _open(house: House, case: str, word: str) -> Answer:
    house.ask("aminata", "POST", f"/vault/cases/{case}/open/", {})
    return house.ask("aminata", "GET", f"/vault/cases/{case}/")


def _in_vault(part: str, **fields: str) -> Callable[[House, str, str], Answer]:
    """An act on an opened case; `WORD` among the fields stands for the canary."""

    def go(house: House, case: str, word: str) -> Answer:
        typed = {name: value.replace("WORD", word) for name, value in fields.items()}
        return house.ask("aminata", "POST", f"/vault/cases/{case}/{part}/", typed)

    return go


def _transmit(house: House, case: str, word: str) -> Answer:
    to = {"organisation_id": house.people["organisations"]["hcr"], "confirmed": "on"}
    return house.ask("aminata", "POST", f"/vault/cases/{case}/transmit/", to)


def _bar(house: House, case: str, word: str) -> Answer:
    """Rokia is implicated: she loses the case, which is sealed under fresh keys."""
    return house.ask("aminata", "POST", f"/vault/cases/{case}/implicated/", {"users": house.people["users"]["rokia"]})


def _share(house: House, case: str, word: str) -> Answer:
    return house.ask("aminata", "POST", f"/vault/people/{house.people['users']['rokia']}/share/", {})


def _unlock(house: House, told: str, word: str) -> Answer:
    return house.ask("rokia", "POST", "/vault/", {f"word_{place}": word for place in range(1, 8)})


def _sign_in(house: House, told: str, word: str) -> Answer:
    return house.ask("", "POST", "/compte/login/", {"login": "awa@jaabi.example", "password": word})


def _follow(house: House, told: str, word: str) -> Answer:
    return house.ask("", "POST", "/suivi/", {"number": told, "more": f"{WATER} {word}", "once": str(uuid.uuid4())})


def _number(house: House) -> str:
    """The receipt number of something said by SMS, as its telephone was told it."""
    phone = house.phone()
    sent = len(house.product.standin.sent(f"+2237{phone:07}"))
    request = signed(phone, sid=f"SM{uuid.uuid4().hex}", words=f"{WATER} {house.word()}")
    house.send("POST", PATH, request.body, request.headers)
    message = house.product.standin.wait_sent(f"+2237{phone:07}", count=sent + 1)[-1]
    return "".join(sign for sign in str(message["body"]) if sign.isdigit())[:12]


TODAY = datetime.now(UTC).date().isoformat()
ACTS = (
    Act("SMS", _sms(WATER), waits=True),
    Act("SMS to be sealed", _sms(SEA), waits=True),
    Act("web form", _web(WATER)),
    Act("web form to be sealed", _web(SEA)),
    Act("web form, delicate", _web(WATER, listener="woman")),
    Act("form for aid workers", _web(WATER, "/travailleurs/")),
    Act("added by number", _follow, _number),
    Act("entry at the desk", _entry(WATER)),
    Act("entry to be sealed", _entry(SEA)),
    Act("API", _api),
    Act("sorting", _sort, _ordinary),
    Act("protect", _protect, _ordinary),
    Act("handed over", _handed),
    Act("opening", _open, _sealed),
    Act("note", _in_vault("notes", words="WORD"), _opened),
    Act("question to the person", _in_vault("ask", question="WORD"), _opened),
    Act("legal hold", _in_vault("hold", reason="WORD"), _opened),
    Act("person informed", _in_vault("informed", about="reception", was_told="yes", on=TODAY), _opened),
    Act("transmission", _transmit, _opened),
    Act("sharing", _share, _opened),
    Act("barring and rekeying", _bar, _opened),
    Act("release and destruction", _in_vault("release", was_read="on"), _not_sea),
    Act("passphrase typed", _unlock, is_refused=True),
    Act("password typed", _sign_in, is_refused=True),
)
