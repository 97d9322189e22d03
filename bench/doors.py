"""Every public door that takes a field: how a request to it is made, and proved where the door asks for proof."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from django.conf import settings
from django.http import QueryDict
from twilio.request_validator import RequestValidator

from bench.nasty import Nasty
from core.gateways import kinds
from core.models import Line
from tests.standin import webhooks
from tests.standin.carriers import SECRET

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
NOWHERE = "http://127.0.0.1:9/"
LINES: dict[str, dict[str, str]] = {
    "kannel": {"username": "jaabi", "url": NOWHERE},
    "rapidpro": {"channel": "c-1", "style": "external", "url": NOWHERE},
    "android": {"username": "jaabi", "url": NOWHERE},
    "generic": {"proof": "hmac", "proof_name": "X-Signature", "out_method": "json", "out_url": NOWHERE},
}
SPOKEN = {
    "words": "Le forage est en panne",
    "place": "ML07",
    "place_said": "près du marché",
    "concerned": "",
    "listener": "",
    "safe_contact": "none",
    "contact": "+22370000011",
    "wants_thread": "on",
    "retaliation": "on",
    "once": "",
}
FOLLOWED: tuple[dict[str, str], ...] = (
    {"more": "Encore un mot"},
    {"settled": "no"},
    {"wish": "correct", "wish_words": "C’était mardi"},
)
FILES = ("voice", "picture")
API_CASE = {
    "words": "Le forage est en panne",
    "said_at": "2026-01-05T10:00:00Z",
    "place": "ML07",
    "place_said": "près du marché",
    "concerned": "HCR",
    "mode": "self",
    "sex": "female",
    "age_group": "adult",
    "disability": "not_said",
    "population_status": "idp",
    "language": "fra",
    "phone": "+22370000011",
    "safe_contact": "none",
}


@dataclass(frozen=True)
class Wanted:
    """One request, ready for the test client."""

    path: str
    body: bytes = b""
    content_type: str = FORM
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"


@dataclass(frozen=True)
class Known:
    """What exists and may be asked for: a receipt number with its code, and a token of the API."""

    number: str
    code: str
    token: str
    agency: int


def make_lines() -> None:
    """One line of each kind that is kept in the settings pages."""
    for kind, told in LINES.items():
        said = {one.name: one.default for one in kinds()[kind].fields if one.default} | told
        line = Line(name=f"{kind}-fuzz", kind=kind, label=kind, number="36021", said=said, is_active=True)
        line.seal_secrets({"secret": SECRET, "password": "x", "token": "x", "out_secret": "x"})
        line.save()


def any_request(nasty: Nasty, known: Known) -> Wanted:
    return nasty.chance.choice(DOORS)(nasty, known)


def _speaks(nasty: Nasty, known: Known) -> Wanted:
    path = nasty.chance.choice(("/parler/", "/travailleurs/"))
    usual = SPOKEN | {"concerned": str(known.agency), "once": str(uuid.UUID(int=nasty.chance.getrandbits(128)))}
    return _sent(nasty, path, usual, with_files=0.4)


def _follows(nasty: Nasty, known: Known) -> Wanted:
    """One of the forms of a number, now and then with what another of them asks."""
    asked = [one for one in FOLLOWED if nasty.chance.random() < 0.4]
    usual = {"number": known.number, "code": known.code, "once": ""}
    for one in asked or [nasty.chance.choice(FOLLOWED)]:
        usual |= one
    return _sent(nasty, "/suivi/", usual, with_files=0.3)


def _sent(nasty: Nasty, path: str, usual: dict[str, str], *, with_files: float) -> Wanted:
    if nasty.chance.random() < with_files:
        return Wanted(path, *nasty.multipart(usual, FILES))
    return Wanted(path, nasty.form(usual))


def _changes_language(nasty: Nasty, known: Known) -> Wanted:
    return Wanted("/i18n/setlang/", nasty.form({"language": "en", "next": "/parler/"}))


def _looks(nasty: Nasty, known: Known) -> Wanted:
    """A page asked for with anything in its address and in the browser's language."""
    page = nasty.chance.choice(("/", "/parler/", "/parler/recu/", "/suivi/", "/confidentialite/", "/urgence/", "/x/"))
    query = nasty.form({"number": known.number, "next": "/", "lang": "fr", "place": "ML07"}).decode()
    asked = quote(nasty.text(), errors="surrogatepass")[:2000]
    path = page if nasty.chance.random() < 0.8 else f"/{asked.lstrip('/')}"
    headers = {"Accept-Language": nasty.text().encode("ascii", "ignore").decode().replace("\n", "").replace("\r", "")}
    return Wanted(f"{path}?{query}", method="GET", headers=headers)


def _api(nasty: Nasty, known: Known) -> Wanted:
    headers = {"Authorization": f"Bearer {known.token}"}
    if nasty.chance.random() < 0.3:
        headers["Idempotency-Key"] = str(uuid.UUID(int=nasty.chance.getrandbits(128)))
    return Wanted("/api/v1/cases/", nasty.json(API_CASE), JSON, headers)


def _twilio(nasty: Nasty, known: Known) -> Wanted:
    number = nasty.chance.randrange(10_000)
    usual = webhooks.inbound(
        settings.TWILIO_ACCOUNT_SID, sender=f"+2237{number:07}", to="+22300000099", body="Le forage est en panne"
    )
    usual |= {"MessageSid": f"SM{nasty.chance.getrandbits(128):032x}", "OptOutType": ""}
    usual |= {"MediaUrl0": "https://api.twilio.com/Messages/MM1/Media/ME1", "MediaContentType0": "image/jpeg"}
    return _signed("/sms/twilio/", nasty.form(usual))


def _twilio_other(nasty: Nasty, known: Known) -> Wanted:
    """A status, a message of WhatsApp, or a step of a call."""
    if nasty.chance.random() < 0.4:
        status = {"MessageSid": "SM" + "0" * 32, "MessageStatus": "delivered", "ErrorCode": "30003"}
        reference = quote(nasty.text(), errors="surrogatepass")[:500]
        return _signed(f"/sms/twilio/status/?ref={reference}", nasty.form(status))
    if nasty.chance.random() < 0.5:
        said = {"MessageSid": f"MM{nasty.chance.getrandbits(128):032x}", "From": "whatsapp:+22370000011"}
        said |= {"To": "whatsapp:+22300000099", "Body": "Le forage est en panne", "NumMedia": "1"}
        return _signed("/sms/twilio/", nasty.form(said))
    step = nasty.chance.choice(("", "language", "recorded", "x"))
    call = {"CallSid": "CA" + "0" * 32, "From": "+22370000012", "To": "+22300000099", "Digits": "1"}
    call |= {"RecordingSid": f"RE{nasty.chance.getrandbits(128):032x}", "RecordingDuration": "5"}
    query = nasty.form({"lang": "fr", "tries": "1"}).decode()
    return _signed(f"/sms/twilio/?step={step}&{query}", nasty.form(call))


def _signed(path: str, body: bytes) -> Wanted:
    said = QueryDict(body)
    signature = RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(settings.PUBLIC_URL + path, said)
    return Wanted(path, body, headers={"X-Twilio-Signature": signature})


def _kannel(nasty: Nasty, known: Known) -> Wanted:
    usual = {"id": f"{nasty.chance.getrandbits(64):x}", "state": "1", "ref": str(uuid.UUID(int=7))}
    query = nasty.form(usual).decode()
    charset = nasty.chance.choice(("UTF-8", "UTF-16BE", "latin-1", "nonsense", ""))
    headers = {"X-Kannel-From": _plain(nasty), "X-Kannel-To": "36021", "X-Kannel-Time": _plain(nasty)}
    body = nasty.text().encode("utf-8", "surrogatepass")
    status = nasty.chance.choice(("", "", "status/"))
    path = f"/sms/kannel-fuzz/{status}?secret={quote(SECRET)}&{query}"
    return Wanted(path, body, f"text/plain; charset={charset}", headers)


def _rapidpro(nasty: Nasty, known: Known) -> Wanted:
    usual = {"from": "+22370000011", "to": "36021", "text": "Le forage", "id": f"{nasty.chance.getrandbits(64)}"}
    usual |= {"date": "2022-03-12T10:30:00Z", "status": "delivered"}
    status = nasty.chance.choice(("", "", "status/"))
    headers = {"Authorization": f"Token {SECRET}"}
    return Wanted(f"/sms/rapidpro-fuzz/{status}", *_either(nasty, usual), headers)


def _android(nasty: Nasty, known: Known) -> Wanted:
    payload = {"messageId": "m", "message": "Le forage", "sender": "+22370000011", "recipient": "36021"}
    inner = nasty.json(payload | {"receivedAt": "2022-03-12T10:30:00Z"}).decode(errors="replace")
    event = nasty.chance.choice(("sms:received", "sms:received", "sms:delivered", "sms:failed", "x"))
    body = f'{{"event": "{event}", "id": "{nasty.chance.getrandbits(64)}", "payload": {inner}}}'.encode()
    signature = hmac.new(SECRET.encode(), body + b"1700000000", hashlib.sha256).hexdigest()
    status = "" if event == "sms:received" else "status/"
    headers = {"X-Signature": signature, "X-Timestamp": "1700000000"}
    return Wanted(f"/sms/android-fuzz/{status}", body, JSON, headers)


def _generic(nasty: Nasty, known: Known) -> Wanted:
    usual = {"from": "+22370000011", "to": "36021", "text": "Le forage", "id": f"{nasty.chance.getrandbits(64)}"}
    usual |= {"date": "1700000000", "status": "delivered"}
    body, content_type = _either(nasty, usual)
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    status = nasty.chance.choice(("", "", "status/"))
    return Wanted(f"/sms/generic-fuzz/{status}", body, content_type, {"X-Signature": signature})


def _either(nasty: Nasty, usual: dict[str, str]) -> tuple[bytes, str]:
    return (nasty.form(usual), FORM) if nasty.chance.random() < 0.5 else (nasty.json(usual), JSON)


def _plain(nasty: Nasty) -> str:
    """What a header can carry."""
    usual = nasty.chance.random() < 0.5
    said = "+22370000011" if usual else nasty.text()
    return said.encode("latin-1", "ignore").decode("latin-1").replace("\n", "").replace("\r", "")


Door = Callable[[Nasty, Known], Wanted]
DOORS: tuple[Door, ...] = (
    _speaks,
    _speaks,
    _follows,
    _changes_language,
    _looks,
    _api,
    _twilio,
    _twilio,
    _twilio_other,
    _kannel,
    _rapidpro,
    _android,
    _generic,
)
