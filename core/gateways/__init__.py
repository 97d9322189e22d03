"""Gateways: one small interface, and one module of this folder for each kind of carrier.

A kind is found by its file, and can be deleted by deleting it. A line (`core.models.Line`) is one number on one
carrier, kept in the settings pages; what the environment configures is a line too, named after its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Literal, Protocol, runtime_checkable
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from core.models import Line
from core.reading_once import read_once
from core.sms_parts import Part

Channel = Literal["sms", "whatsapp", "voice"]


@dataclass(frozen=True)
class Media:
    """A recording or a file that a message brought: `resource` is the carrier's own name for it."""

    resource: str
    content_type: str
    seconds: int | None = None


@dataclass(frozen=True)
class InboundSms:
    """A message a gateway handed over. `sender` is E.164, or as received when it is a short code or a name.

    `sent_at` is None where the gateway does not say. `order`: the carrier itself stopped or restarted its messages to
    this person, and told them so. `receipt_number`: the one the person was told already, "" if none yet. `part`: where
    this is but a part of a message. `is_named`: the carrier itself gave `provider_id`; else a repeat may bear another.
    """

    provider_id: str
    sender: str
    to: str
    body: str
    sent_at: datetime | None
    channel: Channel = "sms"
    media: tuple[Media, ...] = ()
    order: Literal["", "stop", "start", "help"] = ""
    receipt_number: str = ""
    part: Part | None = None
    is_named: bool = True


@dataclass(frozen=True)
class StatusUpdate:
    """What became of a message we sent. `reference` is the one given to `send`, "" if the gateway cannot carry it.

    `needs_other_line`: as in `GatewayError`.
    """

    provider_id: str
    state: Literal["sent", "delivered", "failed"]
    reason: str
    reference: str = ""
    needs_other_line: bool = False


def reference_of(text: str) -> str:
    """Our id of a message as a carrier sent it back; "" for what is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""


class GatewayError(Exception):
    """The gateway did not take the message.

    `permanent`: trying again cannot help. `maybe_taken`: it may have taken it all the same (the answer was lost), so
    ask `find` before sending again. `opted_out`: the person had the carrier stop our messages. `needs_other_line`:
    this way does not lead to the person, now or ever; another may. `reason` is a code; it never holds a number or a
    text.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool,
        maybe_taken: bool = False,
        opted_out: bool = False,
        needs_other_line: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.maybe_taken = maybe_taken
        self.opted_out = opted_out
        self.needs_other_line = needs_other_line


class Forged(Exception):
    """The request does not come from the gateway."""


class Unreadable(Exception):
    """The gateway made the request, and there is no message in it that we understand."""


class UnknownGateway(LookupError):
    """No gateway has this name."""


class Gateway(Protocol):
    """What every gateway can do."""

    @property
    def name(self) -> str:
        """The name in settings and in webhook addresses."""

    @property
    def can_be_asked(self) -> bool:
        """Whether `find` can tell; else only the carrier's news shows that it took a message."""

    def verify(self, request: HttpRequest) -> None:
        """Raise `Forged` unless the gateway itself made this request."""

    def parse_inbound(self, request: HttpRequest) -> InboundSms | None:
        """Read the message out of a verified request; None when nothing was said in it. Raises `Unreadable`."""

    def answer(self, request: HttpRequest, message: InboundSms | None) -> HttpResponse:
        """What the gateway is told once we hold `message`, or when nothing was said."""

    def parse_status(self, request: HttpRequest) -> StatusUpdate | None:
        """Read the fate of a sent message out of a verified request; None while there is no news."""

    def send(self, to: str, body: str, *, reference: str) -> str:
        """Hand over one message to `to` (E.164) and return the gateway's id for it.

        `reference` is our own id of the message, sent back with its status. Raises `GatewayError`.
        """

    def find(self, to: str, body: str, since: datetime) -> str | None:
        """The gateway's id of such a message taken since then, None if it has none. Raises `GatewayError`."""


@runtime_checkable
class KeepsCopies(Protocol):
    """A carrier that keeps what passed through it, and lets it be erased. `is_real`: it can be reached from here."""

    @property
    def is_real(self) -> bool: ...

    def erase(self, resource: str) -> None:
        """Erase the text, recording or file of that name; one that is gone already is erased. Raises `GatewayError`."""

    def count_kept(self, since: datetime) -> int:
        """How many texts, recordings and files since then are still there. Raises `GatewayError`."""


@runtime_checkable
class SendsTemplates(Protocol):
    """A carrier that lets us begin only with texts it approved beforehand."""

    def send_template(self, to: str, name: str, *, reference: str) -> str:
        """As `send`, the text that it approved under our `name` for it. Raises `GatewayError` for an unknown one."""


@runtime_checkable
class HoldsMedia(Protocol):
    """A carrier whose messages bring recordings or files, to be fetched."""

    def fetch(self, media: Media) -> bytes:
        """What it holds, at most a few megabytes. Raises `GatewayError`."""


@dataclass(frozen=True)
class Field:
    """One thing a kind must be told, as the settings page asks it. A secret is written there and never shown."""

    name: str
    label: str | Promise
    help: str | Promise = ""
    default: str = ""
    is_secret: bool = False
    is_required: bool = True
    choices: tuple[tuple[str, str | Promise], ...] = ()
    is_long: bool = False


@dataclass(frozen=True)
class Config:
    """One line as its kind reads it: all values are texts; what is not set is absent."""

    name: str
    number: str = ""
    said: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> str:
        return self.said.get(key, "")


def _nowhere() -> Config | None:
    return None


def _no_template(config: Config) -> Mapping[str, str]:
    return {}


def _by_post(gateway: Any) -> tuple[str, ...]:
    return ("POST",)


def _everything(request: HttpRequest) -> bool:
    return True


@dataclass(frozen=True)
class Kind:
    """One kind of carrier. Each module of this folder holds one, as `KIND`.

    `environment` gives the line that the environment configures, named as the kind, or None. Kinds of one `family`
    share their carrier's address: `recognises` says which of them a request is for. `sends`: it can write to people.
    `number_unless`: a line needs a number, unless that field is filled; None where the carrier knows it.
    `templates`: texts that the carrier approved on a line, by our names; a field of that name asks for them.
    `methods`: by which its news of what we sent may come; `in_methods`: by which messages may, on a line of its.
    """

    name: str
    label: str | Promise
    build: Callable[[Config], Gateway]
    hint: str | Promise = ""
    fields: tuple[Field, ...] = ()
    environment: Callable[[], Config | None] = _nowhere
    family: str = ""
    recognises: Callable[[HttpRequest], bool] = _everything
    sends: bool = True
    number_unless: str | None = None
    methods: tuple[str, ...] = ("POST",)
    in_methods: Callable[[Any], tuple[str, ...]] = _by_post
    templates: Callable[[Config], Mapping[str, str]] = _no_template


@cache
def kinds() -> dict[str, Kind]:
    """Every kind there is a module for, by name."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    return {module.KIND.name: module.KIND for module in modules}


def gateway(name: str) -> Gateway:
    """The gateway of that name, in use or not. Raises `UnknownGateway`."""
    kind, config = _configured(name)
    return kind.build(config)


def kind_of(name: str) -> Kind:
    """The kind of the line of that name. Raises `UnknownGateway`."""
    return _configured(name)[0]


def receiving(name: str, request: HttpRequest) -> tuple[str, Gateway, Kind]:
    """Who a request to the address `/sms/<name>/` is for: its name, gateway and kind. Raises `UnknownGateway`.

    It is not verified yet: do so with the gateway that this returns. A line that is switched off receives nothing.
    """
    kind, config = _configured(name, active=True)
    if not kind.recognises(request):
        kind, config = _sibling(kind, config, request)
    return config.name, kind.build(config), kind


@read_once
def default_name() -> str:
    """The line that writes when no other is known: the one chosen in the settings pages, else `SMS_GATEWAY`."""
    chosen = Line.objects.filter(is_active=True, is_default=True).values_list("name", flat=True).first()
    return chosen or str(settings.SMS_GATEWAY)


def default_gateway() -> Gateway:
    """The gateway of `default_name`. Raises `UnknownGateway`."""
    return gateway(default_name())


@read_once
def leaving_by(wanted: str) -> str:
    """The line a message leaves by: the one wanted while it is in use and can write to people, else the default."""
    try:
        kind, config = _configured(wanted, active=True)
    except UnknownGateway:
        return default_name()
    return wanted if kind.sends and not config["stays_here"] else default_name()


def line_with_template(name: str) -> str:
    """The line in use by which a text of that name, approved beforehand, can leave; "" when there is none."""
    return next((line for line, known in _templates().items() if name in known), "")


@read_once
def _templates() -> dict[str, Mapping[str, str]]:
    """What is approved on each line in use that writes to people; nothing in a demo that keeps its messages here."""
    having = [kind.name for kind in kinds().values() if kind.templates is not _no_template]
    lines = [(kinds()[row.kind], config_of(row)) for row in Line.objects.filter(is_active=True, kind__in=having)]
    lines += [(kinds()[name], config) for name, config in from_environment().items()]
    return {config.name: kind.templates(config) for kind, config in lines if kind.sends and not config["stays_here"]}


def from_environment() -> dict[str, Config]:
    """The lines that the environment configures, by name."""
    found = {name: kind.environment() for name, kind in kinds().items()}
    return {name: config for name, config in found.items() if config is not None}


def config_of(line: Line) -> Config:
    """A line of the settings pages, as its kind reads it."""
    return Config(line.name, line.number, {**line.said, **line.secrets()})


@read_once
def _configured(name: str, *, active: bool = False) -> tuple[Kind, Config]:
    builtin = kinds().get(name)
    config = builtin.environment() if builtin is not None else None
    if builtin is not None and config is not None:
        return builtin, config
    line = Line.objects.filter(name=name, **({"is_active": True} if active else {})).first() if name else None
    kind = kinds().get(line.kind) if line is not None else None
    if line is None or kind is None:
        raise UnknownGateway(name)
    return kind, config_of(line)


def _sibling(kind: Kind, config: Config, request: HttpRequest) -> tuple[Kind, Config]:
    """The kind of the same carrier that this request is for, on a line of its own where the account has one."""
    family = [other for other in kinds().values() if kind.family and other.family == kind.family]
    other = next((one for one in family if one.recognises(request)), kind)
    lines = Line.objects.filter(kind=other.name, is_active=True)
    own = [config_of(line) for line in lines if line.said.get("account_sid") == config["account_sid"]]
    named = [one for one in own if one.number and one.number == _written_to(request)]
    builtin = [other.environment()] if config.name in kinds() else []
    return other, next((one for one in (*named, *own, *builtin) if one is not None), config)


def _written_to(request: HttpRequest) -> str:
    return request.POST.get("To", "").rpartition(":")[2].strip()
