"""Lines: the numbers people write to, and the carriers behind them. An administrator keeps them, and reads no case."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.actors import Actor
from core.gateways import GatewayError, UnknownGateway, gateway, kind_of
from core.line_health import in_words
from core.models import Line
from core.transitions import Refused
from feedback.outgoing import has_stopped

# Neutral, as all that goes to a telephone; for somebody of the house, who waits for it.
TEST_TEXT = "Essai technique de cette ligne. Merci de ne pas repondre."


@dataclass(frozen=True)
class LineSaid:
    """What an administrator said of a line. `secrets` holds only those that were typed: the others stay."""

    label: str
    number: str
    said: Mapping[str, str]
    secrets: Mapping[str, str]


@transaction.atomic
def add_line(name: str, kind: str, about: LineSaid, *, by: Actor) -> Line:
    """A new line, not in service yet."""
    line = Line(name=name, kind=kind)
    _write(line, about)
    line.save(force_insert=True)
    audit.record("core.line.add", by=by, target=line, name=name, kind=kind)
    return line


@transaction.atomic
def change_line(pk: Any, about: LineSaid, *, by: Actor) -> Line:
    """Changes what a line is told; the audit says which secrets were written anew, never what they are."""
    line = Line.objects.select_for_update().get(pk=pk)
    _write(line, about)
    line.save()
    audit.record("core.line.change", by=by, target=line, name=line.name, secrets=" ".join(sorted(about.secrets)))
    return line


@transaction.atomic
def start_line(pk: Any, *, by: Actor) -> Line:
    """From now on it receives, and answers those who write to it."""
    line = Line.objects.select_for_update().get(pk=pk)
    line.is_active = True
    line.save(update_fields=["is_active"])
    audit.record("core.line.start", by=by, target=line, name=line.name)
    return line


@transaction.atomic
def stop_line(pk: Any, *, by: Actor) -> Line:
    """Its address refuses everyone; what would have left by it leaves by the default line."""
    line = Line.objects.select_for_update().get(pk=pk)
    line.is_active = line.is_default = False
    line.save(update_fields=["is_active", "is_default"])
    audit.record("core.line.stop", by=by, target=line, name=line.name)
    return line


@transaction.atomic
def make_default(pk: Any, *, by: Actor) -> Line:
    """Who wrote to no line we know is written to by this one. Raises Refused."""
    line = Line.objects.select_for_update().get(pk=pk)
    if not line.is_active or not kind_of(line.name).sends:
        raise Refused(_("Seule une ligne en service et qui sait écrire peut écrire par défaut."))
    Line.objects.filter(is_default=True).update(is_default=False)
    line.is_default = True
    line.save(update_fields=["is_default"])
    audit.record("core.line.make_default", by=by, target=line, name=line.name)
    return line


def try_line(name: str, phone: str, *, by: Actor) -> None:
    """Sends one neutral SMS to this number (E.164) by this line, now. The number is kept nowhere. Raises Refused."""
    if settings.TRAINING:
        raise Refused(_("Entraînement : rien ne part d’ici."))
    if has_stopped(phone):
        raise Refused(_("Ce numéro a dit STOP : rien ne lui est envoyé."))
    reason = ""
    try:
        gateway(name).send(phone, TEST_TEXT, reference=str(uuid.uuid4()))
    except GatewayError as error:
        reason = error.reason
    except UnknownGateway as error:
        raise Refused(_("Cette passerelle n’est plus installée.")) from error
    line = Line.objects.filter(name=name).first()
    audit.record("core.line.test", by=by, target=line, name=name, reason=reason)
    if reason:
        raise Refused(_("La passerelle n’a pas pris le message (%(reason)s).") % {"reason": in_words(reason)})


def _write(line: Line, about: LineSaid) -> None:
    line.label, line.number, line.said = about.label, about.number, dict(about.said)
    line.seal_secrets({**line.secrets(), **about.secrets})
