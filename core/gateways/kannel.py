"""Kannel: its smsbox posts with `X-Kannel-*` headers both ways, and fetches an address to report a delivery.

Kannel user guide, chapters "Setting up a SMS gateway" (Kannel POST) and "Delivery reports".
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.carrier_http import accepted, call
from core.gateways import Field, InboundSms, Kind, StatusUpdate, Unreadable
from core.http_gateway import ADDRESSES, SECRET, HttpGateway, check_secret, query_of
from core.sms_encoding import measure
from core.sms_parts import part_of_header

STATES: dict[str, Literal["sent", "delivered", "failed"]] = {
    "1": "delivered",
    "2": "failed",
    "8": "sent",
    "16": "failed",
}
ALL_NEWS = sum(int(state) for state in STATES)


class KannelGateway(HttpGateway):
    """One `sms-service` (post-url) and one `sendsms-user`."""

    def verify(self, request: HttpRequest) -> None:
        if request.method == "GET":
            self.check_address(request)
            asked = query_of(request)
            check_secret(asked.get("proof", ""), self.proof(asked.get("ref", "")))
            return
        super().verify(request)

    def parse_inbound(self, request: HttpRequest) -> InboundSms | None:
        if request.method != "POST":
            raise Unreadable("a message is posted")
        said = request.headers
        return self.message(
            provider_id=query_of(request).get("id", ""),
            sender=said.get("X-Kannel-From", ""),
            to=said.get("X-Kannel-To", ""),
            body=_decoded(request),
            sent_at=said.get("X-Kannel-Time", ""),
            part=part_of_header(said.get("X-Kannel-UDH", "")),
        )

    def parse_status(self, request: HttpRequest) -> StatusUpdate | None:
        asked = query_of(request)
        reference, code = asked.get("ref", ""), asked.get("state", "")
        state = STATES.get(code)
        if state is None:
            return None
        return StatusUpdate(reference, state, f"kannel {code}" if state == "failed" else "", reference)

    def send(self, to: str, body: str, *, reference: str) -> str:
        news = {"ref": reference, "proof": self.proof(reference)}
        headers = {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Kannel-Username": self.config["username"],
            "X-Kannel-Password": self.config["password"],
            "X-Kannel-To": to,
            "X-Kannel-From": self.config.number,
            "X-Kannel-Coding": "0" if measure(body).encoding == "GSM-7" else "2",
            "X-Kannel-DLR-Mask": str(ALL_NEWS),
            "X-Kannel-DLR-Url": f"{settings.PUBLIC_URL}/sms/{self.name}/status/?{urlencode(news)}&state=%d",
        }
        if self.config["smsc"]:
            headers["X-Kannel-SMSC"] = self.config["smsc"]
        accepted(call(self.config["url"], body=body.encode(), headers=headers, name="kannel"), name="kannel")
        return reference


def _decoded(request: HttpRequest) -> str:
    charset = (request.content_params or {}).get("charset", "utf-8")
    try:
        return request.body.decode(charset, errors="replace")
    except LookupError:
        return request.body.decode(errors="replace")


KIND = Kind(
    name="kannel",
    label=_("Kannel"),
    build=KannelGateway,
    hint=_(
        "Dans kannel.conf, groupe sms-service : post-url vers l’adresse de la ligne suivie de ?id=%I&secret=…, "
        "send-sender = true, max-messages = 0."
    ),
    fields=(
        Field("url", _("Adresse de sendsms"), _("Par exemple http://10.0.0.5:13013/cgi-bin/sendsms")),
        Field("username", _("Utilisateur sendsms")),
        Field("password", _("Mot de passe sendsms"), is_secret=True),
        Field("smsc", _("SMSC (identifiant dans Kannel)"), is_required=False),
        SECRET,
        ADDRESSES,
    ),
    methods=("GET", "POST"),
)
