"""Any carrier that speaks HTTP: the settings say under which names it gives and takes things."""

from __future__ import annotations

import json
from typing import Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.carrier_http import accepted, call
from core.gateways import Field, Forged, InboundSms, Kind, StatusUpdate
from core.http_gateway import ADDRESSES, HttpGateway, check_secret, digest, fields_of, query_of
from core.sms_parts import Part, part, part_of_header

State = Literal["sent", "delivered", "failed"]


class GenericGateway(HttpGateway):
    """Field names, method, proof and address are those of the settings."""

    def methods(self) -> tuple[str, ...]:
        """Nothing that is signed comes by GET: it has no body."""
        return ("GET",) if self.config["in_method"] == "get" and self.config["proof"] != "hmac" else ("POST",)

    def verify(self, request: HttpRequest) -> None:
        self.check_address(request)
        if request.method not in self.methods():
            raise Forged("it came by another method")
        header, secret = self.config["proof_name"], self.config["secret"]
        if self.config["proof"] == "hmac":
            said = request.headers.get(header, "").rpartition("=")[2].strip().lower()
            check_secret(said, digest(secret.encode(), request.body) if secret else "")
        elif self.config["proof"] == "header":
            check_secret(request.headers.get(header, ""), secret)
        elif self.config["proof"] == "field":
            check_secret(query_of(request).get(header, "") or request.POST.get(header, ""), secret)
        else:
            raise Forged("no proof is set")

    def parse_inbound(self, request: HttpRequest) -> InboundSms | None:
        posted, named = fields_of(request), self.config
        return self.message(
            provider_id=posted.get(named["in_id"], ""),
            sender=posted.get(named["in_sender"], ""),
            to=posted.get(named["in_to"], ""),
            body=posted.get(named["in_text"], ""),
            sent_at=posted.get(named["in_date"], ""),
            part=self._part(posted),
        )

    def _part(self, posted: dict[str, str]) -> Part | None:
        said = [posted.get(self.config[f"in_part_{what}"], "") for what in ("reference", "number", "total")]
        return part_of_header(posted.get(self.config["in_udh"], "")) or part(*said)

    def parse_status(self, request: HttpRequest) -> StatusUpdate | None:
        posted, named = fields_of(request), self.config
        said = posted.get(named["status_state"], "").strip().lower()
        states: tuple[State, ...] = ("delivered", "failed", "sent")
        state = next((one for one in states if said and said in named[f"words_{one}"].lower().split()), None)
        if state is None:
            return None
        provider_id = posted.get(named["status_id"], "")
        return StatusUpdate(provider_id, state, f"{self.name} {said}"[:60] if state == "failed" else "", provider_id)

    def send(self, to: str, body: str, *, reference: str) -> str:
        named = self.config
        pairs = [("out_to", to), ("out_text", body), ("out_from", named.number), ("out_reference", reference)]
        said = {named[key]: value for key, value in pairs if named[key] and value} | _fixed(named["out_more"])
        headers = {named["out_header"]: named["out_secret"]} if named["out_header"] and named["out_secret"] else {}
        url, content = named["out_url"], None
        if named["out_method"] == "get":
            parts = urlsplit(url)
            url = urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, urlencode(said)]))))
        elif named["out_method"] == "json":
            headers["Content-Type"], content = "application/json", json.dumps(said).encode()
        else:
            headers["Content-Type"], content = "application/x-www-form-urlencoded", urlencode(said).encode()
        reply = call(url, method="GET" if content is None else "POST", body=content, headers=headers, name=self.name)
        given = accepted(reply, name=self.name).json().get(named["out_id"]) if named["out_id"] else None
        return str(given)[:80] if isinstance(given, str | int) and given else reference


def _fixed(text: str) -> dict[str, str]:
    """`name=value`, one a line."""
    lines = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, _equals, value in lines if name.strip()}


KIND = Kind(
    name="generic",
    label=_("HTTP générique"),
    build=GenericGateway,
    hint=_("Toute passerelle qui parle HTTP : dites sous quels noms elle donne et attend les choses."),
    fields=(
        Field(
            "proof",
            _("Comment elle prouve que c’est elle"),
            default="header",
            choices=(
                ("header", _("un secret dans un en-tête")),
                ("field", _("un secret dans un champ")),
                ("hmac", _("une signature HMAC-SHA256 du corps, dans un en-tête")),
            ),
        ),
        Field("proof_name", _("Nom de cet en-tête ou de ce champ"), default="X-Jaabi-Secret"),
        Field("secret", _("Secret, ou clé de la signature"), is_secret=True),
        ADDRESSES,
        Field(
            "in_method",
            _("Reçu : méthode"),
            _("GET : tout est dans l’adresse, et une signature du corps n’y prouverait rien."),
            default="post",
            choices=(("post", _("POST, formulaire ou JSON")), ("get", _("GET"))),
        ),
        Field("in_sender", _("Reçu : champ de l’expéditeur"), default="from"),
        Field("in_text", _("Reçu : champ du texte"), default="text"),
        Field("in_to", _("Reçu : champ du destinataire"), default="to", is_required=False),
        Field("in_id", _("Reçu : champ de l’identifiant"), default="id", is_required=False),
        Field("in_date", _("Reçu : champ de la date"), default="date", is_required=False),
        Field(
            "in_udh",
            _("Reçu : champ de l’en-tête UDH"),
            _("Quand la passerelle remet un long SMS en plusieurs parties : son en-tête, en hexadécimal…"),
            is_required=False,
        ),
        Field(
            "in_part_reference",
            _("Reçu : champ de la référence commune aux parties"),
            _("… ou trois champs : référence, rang de la partie, nombre de parties."),
            is_required=False,
        ),
        Field("in_part_number", _("Reçu : champ du rang de la partie"), is_required=False),
        Field("in_part_total", _("Reçu : champ du nombre de parties"), is_required=False),
        Field("out_url", _("Envoi : adresse")),
        Field(
            "out_method",
            _("Envoi : méthode"),
            default="form",
            choices=(("form", _("POST, formulaire")), ("json", _("POST, JSON")), ("get", _("GET"))),
        ),
        Field("out_to", _("Envoi : champ du destinataire"), default="to"),
        Field("out_text", _("Envoi : champ du texte"), default="text"),
        Field("out_from", _("Envoi : champ de l’expéditeur"), default="from", is_required=False),
        Field("out_reference", _("Envoi : champ de notre référence"), default="id", is_required=False),
        Field("out_more", _("Envoi : champs fixes"), _("Un par ligne : nom=valeur."), is_required=False, is_long=True),
        Field("out_header", _("Envoi : en-tête d’autorisation"), default="Authorization", is_required=False),
        Field("out_secret", _("Envoi : valeur de cet en-tête"), is_secret=True, is_required=False),
        Field("out_id", _("Envoi : clé de l’identifiant dans la réponse JSON"), default="id", is_required=False),
        Field("status_id", _("Remise : champ de l’identifiant"), default="id", is_required=False),
        Field("status_state", _("Remise : champ de l’état"), default="status", is_required=False),
        Field("words_sent", _("Remise : mots pour « envoyé »"), default="sent", is_required=False),
        Field("words_delivered", _("Remise : mots pour « remis »"), default="delivered", is_required=False),
        Field("words_failed", _("Remise : mots pour « échoué »"), default="failed rejected expired", is_required=False),
    ),
    methods=("GET", "POST"),
    in_methods=GenericGateway.methods,
)
