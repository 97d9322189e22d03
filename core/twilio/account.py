"""One Twilio account: signed webhooks in, the official client out (https://www.twilio.com/docs/messaging/api)."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.request_validator import RequestValidator

from core.carrier_http import fetched
from core.gateways import Config, Field, Forged, GatewayError, InboundSms, Media, StatusUpdate
from core.phones import normalise

if TYPE_CHECKING:
    from twilio.rest import Client

API = "https://api.twilio.com"
API_VERSION = "2010-04-01"
TIMEOUT_SECONDS = 10.0
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
XML = "text/xml; charset=utf-8"

OUTCOMES: dict[str, Literal["sent", "delivered", "failed"]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "failed": "failed",
    "undelivered": "failed",
    "canceled": "failed",
}

# https://www.twilio.com/docs/api/errors: this number or this text will never pass. Invalid number, country not allowed,
# no text, no recipient, the person stopped messages, no route, no SMS on this number, text too long, no WhatsApp
# there, WhatsApp's 24 hours are over
PERMANENT_CODES = {21211, 21408, 21602, 21604, 21610, 21612, 21614, 21617, 63003, 63016}
# No WhatsApp there, WhatsApp's 24 hours are over: an SMS may pass
OTHER_LINE_CODES = {63003, 63016}
# The person said STOP to this number, and the carrier obeyed
OPTED_OUT = 21610
# Ours to mend (sender, account, service): the message must wait for it, not be lost
CONFIGURATION_CODES = {20003, 20404, 21603, 21606, 21659, 21703, 21704, 21705, 63007}
# Not said by Twilio with these words, but in its place: the resource is gone
NOT_THERE = 404

# https://www.twilio.com/docs/messaging/guides/webhook-request: only with Advanced Opt-Out, and Twilio has answered
ORDERS: dict[str, Literal["stop", "start", "help"]] = {"STOP": "stop", "START": "start", "HELP": "help"}

# A find goes on this far behind `since`: the carrier's clock and its order of listing are not ours
MARGIN = timedelta(minutes=10)
LISTED_AT_MOST = 5000
MEDIA_AT_MOST = 10
LARGEST_MEDIA = 8_000_000
MEDIA_ADDRESS = re.compile(r"/(Messages/\w{2,40}/Media/\w{2,40})$")
RESOURCE = re.compile(r"(?:Messages/\w+/Media/|Recordings/)?\w+")

FIELDS = (
    Field("account_sid", _("Identifiant du compte (Account SID)")),
    Field("auth_token", _("Jeton du compte (Auth Token)"), is_secret=True),
)


@dataclass(frozen=True)
class TwilioAccount:
    """One account, writing from one number or one Messaging Service.

    `is_real`: what passes here is kept by the carrier, and may be asked for. It is not, in a demo without a stand-in.
    """

    account_sid: str
    auth_token: str
    from_number: str
    messaging_service_sid: str
    api_base_url: str
    public_url: str
    timeout: float = TIMEOUT_SECONDS
    name: str = "twilio"
    is_real: bool = True

    def verify(self, request: HttpRequest) -> None:
        # an empty token would accept whatever was signed with an empty token
        if not self.auth_token:
            raise Forged("no auth token is set")
        signature = request.META.get("HTTP_X_TWILIO_SIGNATURE", "")
        url = self.public_url.rstrip("/") + request.get_full_path()
        if not signature or not _is_signed(self.auth_token, url, request, signature):
            raise Forged("the signature is absent or wrong")

    def accepted(self) -> HttpResponse:
        """The answer that says nothing back."""
        return HttpResponse(EMPTY_TWIML, content_type=XML)

    def answer(self, request: HttpRequest, message: InboundSms | None) -> HttpResponse:
        return self.accepted()

    def parse_inbound(self, request: HttpRequest) -> InboundSms | None:
        posted = request.POST
        sender = self.bare(posted.get("From", ""))
        return InboundSms(
            # the signature stands in for a missing id: keyed, and equal for an equal request
            provider_id=posted.get("MessageSid") or posted.get("SmsSid") or request.headers["X-Twilio-Signature"],
            sender=normalise(sender) or sender,
            to=self.bare(posted.get("To", "")),
            body=posted.get("Body", ""),
            sent_at=None,
            media=tuple(_media_of(request)),
            order=ORDERS.get(posted.get("OptOutType", "").upper(), ""),
        )

    def parse_status(self, request: HttpRequest) -> StatusUpdate | None:
        state = OUTCOMES.get(request.POST.get("MessageStatus", ""))
        if state is None:
            return None
        code = request.POST.get("ErrorCode", "")
        return StatusUpdate(
            provider_id=request.POST.get("MessageSid", ""),
            state=state,
            reason=f"twilio {code}" if code else "",
            reference=request.GET.get("ref", ""),
            needs_other_line=code in {str(one) for one in OTHER_LINE_CODES},
        )

    def send(self, to: str, body: str, *, reference: str) -> str:
        return self.hand_over(to, reference=reference, body=body)

    def hand_over(self, to: str, *, reference: str, **what: str) -> str:
        """`what`: the text, or a template that stands for it. Out: Twilio's id. Raises GatewayError."""
        path = f"/sms/{self.name}/status/?{urlencode({'ref': reference})}"
        callback = self.public_url.rstrip("/") + path
        with refusals_explained():
            sent = self._client().messages.create(
                to=self.dressed(to), status_callback=callback, **what, **self._sender()
            )
        return sent.sid or ""

    @property
    def can_be_asked(self) -> bool:
        return True

    def find(self, to: str, body: str, since: datetime) -> str | None:
        # newest first and matched here: asking Twilio to match would put the number in an address
        wanted = (self.dressed(to), body)
        with refusals_explained():
            for message in self._client().messages.stream(limit=LISTED_AT_MOST, page_size=1000):
                if message.date_created is None or message.date_created < since - MARGIN:
                    return None
                if message.date_created >= _to_the_second(since) and (message.to, message.body) == wanted:
                    return str(message.sid)
        return None

    def erase(self, resource: str) -> None:
        if not RESOURCE.fullmatch(resource):
            return  # no resource of Twilio's is called so: the signature stood in for an id
        client, (first, *rest) = self._client(), resource.split("/")
        try:
            with refusals_explained():
                if first == "Recordings":
                    client.recordings(rest[0]).delete()
                elif rest:
                    client.messages(rest[0]).media(rest[2]).delete()
                else:
                    client.messages(first).update(body="")
        except GatewayError as error:
            if error.reason not in (f"twilio {NOT_THERE}", "twilio 20404"):
                raise

    def count_kept(self, since: datetime) -> int:
        client = self._client()
        with refusals_explained():
            count = sum(1 for _one in client.recordings.stream(date_created_after=since, page_size=1000))
            for message in client.messages.stream(date_sent_after=since, page_size=1000):
                count += bool(message.body)
                if message.num_media not in (None, "0"):
                    count += sum(1 for _one in client.messages(str(message.sid)).media.stream())
        return count

    def fetch(self, media: Media) -> bytes:
        if not self.is_real or not RESOURCE.fullmatch(media.resource):
            raise GatewayError("twilio no such media", permanent=True)
        base = (self.api_base_url or API).rstrip("/")
        ending = ".mp3" if media.resource.startswith("Recordings/") else ""
        pair = base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        url = f"{base}/{API_VERSION}/Accounts/{self.account_sid}/{media.resource}{ending}"
        return fetched(url, authorization=f"Basic {pair}", name="twilio", limit=LARGEST_MEDIA)

    def bare(self, address: str) -> str:
        """An address as Twilio writes it, without what says by which way it is reached."""
        return address.strip()

    def dressed(self, number: str) -> str:
        """A number (E.164) as this way of Twilio's wants it."""
        return number

    def _sender(self) -> dict[str, str]:
        if self.messaging_service_sid:
            return {"messaging_service_sid": self.messaging_service_sid}
        return {"from_": self.dressed(self.from_number)}

    def _client(self) -> Client:
        # it loads hundreds of modules that a web process never needs
        from core.twilio.client import client_for  # noqa: PLC0415

        return client_for(self.account_sid, self.auth_token, self.api_base_url, self.timeout)


def from_settings(name: str, number: str = "") -> Config | None:
    """The line that the `TWILIO_*` settings configure; None without them. `number`: another than `TWILIO_FROM`."""
    if not settings.TWILIO_ACCOUNT_SID:
        return None
    said = {
        "account_sid": settings.TWILIO_ACCOUNT_SID,
        "auth_token": settings.TWILIO_AUTH_TOKEN,
        "messaging_service_sid": settings.TWILIO_MESSAGING_SERVICE_SID,
    }
    stays_here = not (settings.PRODUCTION or settings.TWILIO_API_BASE_URL)
    return Config(name, number or settings.TWILIO_FROM, said | ({"stays_here": "yes"} if stays_here else {}))


def account(config: Config) -> dict[str, object]:
    """The arguments of an account, from its line."""
    return {
        "account_sid": config["account_sid"],
        "auth_token": config["auth_token"],
        "from_number": config.number,
        "messaging_service_sid": config["messaging_service_sid"],
        "api_base_url": settings.TWILIO_API_BASE_URL,
        "public_url": settings.PUBLIC_URL,
        "name": config.name,
        "is_real": not config["stays_here"],
    }


class _Posted(dict[str, list[str]]):
    """The fields as Twilio's own code reads them fastest."""

    getall = dict.__getitem__


def _is_signed(token: str, url: str, request: HttpRequest, signature: str) -> bool:
    """By Twilio's own code: first over the address as it is, then over its spellings with and without a port."""
    validator, posted = RequestValidator(token), _Posted(request.POST.lists())
    if hmac.compare_digest(validator.compute_signature(url, posted).encode(), signature.encode()):
        return True
    return bool(validator.validate(url, posted, signature))


def _media_of(request: HttpRequest) -> Iterator[Media]:
    count = request.POST.get("NumMedia", "0")
    for number in range(min(int(count), MEDIA_AT_MOST) if re.fullmatch(r"[0-9]{1,3}", count) else 0):
        found = MEDIA_ADDRESS.search(request.POST.get(f"MediaUrl{number}", ""))
        if found:
            yield Media(found[1], request.POST.get(f"MediaContentType{number}", "")[:60])


def _to_the_second(moment: datetime) -> datetime:
    """Twilio's dates have no fraction of a second."""
    return moment.replace(microsecond=0)


@contextmanager
def refusals_explained() -> Iterator[None]:
    """Turn what the client raises into `GatewayError`. The cause is dropped: its text quotes the number.

    What its HTTP library raises are all OSError.
    """
    try:
        yield
    except TwilioRestException as error:
        raise _refused(error.status, error.code) from None
    except (OSError, TwilioException):
        raise GatewayError("twilio silent", permanent=False, maybe_taken=True) from None


def _refused(status: int, code: int | None) -> GatewayError:
    waits = code in CONFIGURATION_CODES or status in (401, 403, 404, 408, 429)
    permanent = code in PERMANENT_CODES or (400 <= status < 500 and not waits)
    return GatewayError(
        f"twilio {code or status}",
        permanent=permanent,
        maybe_taken=status >= 500,
        opted_out=code == OPTED_OUT,
        needs_other_line=code in OTHER_LINE_CODES,
    )
