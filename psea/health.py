"""The health windows: 72 and 120 hours from the incident, in words, and nothing that would be medical advice.

WHO clinical guidance, as facts.md §1.4 quotes it: post-exposure prophylaxis within 72 h, emergency contraception within
120 h. What is to be done is for whoever gives care.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.enums import ServiceType
from psea.enums import OfferState
from psea.facts import Facts

WINDOWS = (
    (72, _("soins dans les 72 h"), _("Prophylaxie après exposition : au plus tard 72 h après les faits.")),
    (120, _("soins dans les 120 h"), _("Contraception d'urgence : au plus tard 120 h après les faits.")),
)
# Care was had, or is not wanted: nothing hurries any more.
SETTLED = frozenset({OfferState.SERVICE_CONFIRMED, OfferState.DECLINED, OfferState.WITHDRAWN})


@dataclass(frozen=True)
class Window:
    """One window of one case. `left`: what remains of it, never below zero."""

    hours: int
    deadline: datetime
    label: str | Promise
    rule: str | Promise
    left: timedelta

    @property
    def is_open(self) -> bool:
        return self.left > timedelta(0)

    @property
    def sentence(self) -> str:
        """ "Il reste 31 h pour les soins à donner dans les 72 h"."""
        whole = int(self.left / timedelta(hours=1))
        if not self.is_open:
            said = _("Les %(window)s h sont passées. L’assistance se propose quand même.")
        elif whole < 1:
            said = _("Il reste moins d’une heure pour les soins à donner dans les %(window)s h.")
        else:
            said = _("Il reste %(left)s h pour les soins à donner dans les %(window)s h.")
        return str(said) % {"left": whole, "window": self.hours}


def windows(facts: Facts, now: datetime) -> list[Window]:
    """Both windows, open or over; none while the day of the incident is not known."""
    start = incident_began(facts)
    if start is None:
        return []
    found = []
    for hours, label, rule in WINDOWS:
        deadline = start + timedelta(hours=hours)
        found.append(Window(hours, deadline, label, rule, max(deadline - now, timedelta(0))))
    return found


def next_window(facts: Facts, now: datetime) -> Window | None:
    """The one that closes first, of those that are open."""
    return next((window for window in windows(facts, now) if window.is_open), None)


def incident_began(facts: Facts) -> datetime | None:
    """The moment the windows run from: where only the day is known its first minute, so that none is overstated."""
    if facts.incident_on is None:
        return None
    return timezone.make_aware(datetime.combine(facts.incident_on, facts.incident_time or time.min))


def is_cared_for(offers: Iterable[tuple[str, str]]) -> bool:
    """In: (service, state) of every offer of a case. Out: whether care was had, or is not wanted, by each survivor."""
    states = [state for service, state in offers if service == ServiceType.CLINICAL_CARE]
    return bool(states) and all(state in SETTLED for state in states)
