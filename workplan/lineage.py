"""From a figure to what it counted, as far as the reader may see, and to what has changed since it was frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Page
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from core.pages import Found
from core.periods import Quarter
from directory.models import User
from feedback.models import Case
from feedback.tallied import Behind
from referrals.changes import Changes, changes_since
from workplan.bindings import Binding, binding_of, over_of
from workplan.enums import ReadingState
from workplan.measures import Measured, cohort_cutoff
from workplan.models import Indicator, Reading
from workplan.progress import standing
from workplan.suppression import publishable_list

# So many are listed, and so many looked at before all are: more than anybody pages through.
LISTED, LOOKED_AT = 1000, 5000


@dataclass(frozen=True)
class Counted:
    """The counted cases that the reader may open, latest first, as far as they are listed.

    `unlisted`: how many others there are; None when that is too few to say, or where the list is cut at LISTED.
    """

    ids: Sequence[UUID]
    has_unlisted: bool
    unlisted: int | None

    def page(self, request: HttpRequest) -> Page[Any]:
        """The page of them that the address asks for."""
        page = Found(list(self.ids), 25, LISTED).get_page(request.GET.get("page"))
        rows = Case.objects.select_related("category", "place").in_bulk(list(page.object_list))
        page.object_list = [rows[pk] for pk in page.object_list if pk in rows]
        return page


@dataclass(frozen=True)
class Lineage:
    """A figure as it was reported, as of its cut-off counted again, and as of now; and what it counted.

    `cutoff` None: still open, so that only `now` is known. `reading`: the one that stands, if the reader may see it.
    """

    binding: Binding
    reading: Reading | None
    cutoff: datetime | None
    then: Measured | None
    now: Measured | None
    changes: Sequence[str]
    counted: Counted | None
    digest: str

    @property
    def shown(self) -> Measured | None:
        """The figure at its cut-off, or of now while it is open."""
        return self.then if self.cutoff else self.now


def lineage_of(indicator: Indicator, quarter: Quarter, user: User) -> Lineage | None:
    """In: an indicator, a quarter, the reader. Out: where its figure comes from; None where none is computed live."""
    binding = binding_of(indicator)
    if binding is None or binding.measure.in_vault:
        return None
    reading = _standing(indicator, quarter, user)
    cutoff = reading.cutoff if reading is not None else cohort_cutoff(quarter.period)
    stop = cutoff if cutoff is not None and cutoff <= timezone.now() else None
    now = binding.measured(indicator.kind, quarter.period)
    then = binding.measured(indicator.kind, quarter.period, stop) if stop else None
    withheld = now is None or now.is_withheld
    return Lineage(
        binding=binding,
        reading=reading,
        cutoff=stop,
        then=then,
        now=now,
        changes=_changes(binding, reading, quarter, then, now) if reading and not withheld else [],
        counted=None if withheld or not (behind := binding.behind(quarter.period)) else counted_of(behind, user),
        digest="" if withheld else binding.digest(quarter.period),
    )


def split_of(binding: Binding, part: str, quarter: Quarter, cutoff: datetime | None) -> Mapping[str, int | None]:
    """The count broken down by a part that the measure allows, small numbers withheld, the total under TOTAL."""
    if binding.measure.split is None:
        return {}
    return publishable_list(binding.measure.split(part, quarter.period, over_of(binding.over), cutoff))


def counted_of(behind: Behind, user: User) -> Counted:
    """In: the cases behind a figure, the reader. Out: those they may open, and whether there are others.

    Of many cases the latest are looked at first: who may open most of them is shown as much as anybody reads.
    """
    latest, mine = behind.latest(LOOKED_AT), Case.objects.visible_to(user)
    visible = set(mine.filter(pk__in=latest).values_list("pk", flat=True))
    ids, total = [pk for pk in latest if pk in visible], len(latest)
    if total == LOOKED_AT and len(ids) <= LISTED:
        ids = list(mine.filter(behind.condition).order_by("-received_at").values_list("pk", flat=True)[: LISTED + 1])
        total = behind.count()
    if len(ids) > LISTED:
        return Counted(ids[:LISTED], has_unlisted=True, unlisted=None)
    hidden = total - len(ids)
    return Counted(
        ids[: listed(total, len(ids))],
        has_unlisted=hidden > 0,
        unlisted=hidden if hidden >= settings.SMALL_CELL else None,
    )


def listed(counted: int, open_to_them: int) -> int:
    """How many of the visible cases are listed beside the total: a few hidden ones must not show by subtraction."""
    hidden = counted - open_to_them
    return open_to_them if hidden == 0 or hidden >= settings.SMALL_CELL else max(0, counted - settings.SMALL_CELL)


def _standing(indicator: Indicator, quarter: Quarter, user: User) -> Reading | None:
    readings = Reading.objects.visible_to(user).filter(
        indicator=indicator, year=quarter.year, quarter=quarter.number, place=None, computed=True
    )
    return standing(indicator, list(readings.exclude(state=ReadingState.RETURNED))).get(quarter)


def _changes(
    binding: Binding, reading: Reading, quarter: Quarter, then: Measured | None, now: Measured | None
) -> list[str]:
    """What differs from what was reported, and why, in sentences. Which of them were protected is never said."""
    said = []
    if reading.definition_version != binding.measure.version:
        said.append(
            _("La définition a changé : version %(old)s alors, version %(new)s aujourd’hui.")
            % {"old": reading.definition_version, "new": binding.measure.version}
        )
    if reading.binding and reading.binding != binding.kept():
        return [_("Ce que l’indicateur compte a changé depuis : une autre mesure, ou un autre périmètre.")]
    frozen_at = reading.submitted_at or reading.updated_at
    if binding.measure.behind and then is not None and not _same(reading, then):
        over = over_of(binding.over)
        found = changes_since(quarter.period, frozen_at, over.places, over.about)
        said += _sentences(found) or [
            _("Des dossiers ont été corrigés : lieu, catégorie, personne, ou date d’un acte.")
        ]
    if now is not None and then is not None and now.value != then.value:
        said.append(_("Des réponses ou des avis sont venus après la date d’arrêt : ils comptent à ce jour seulement."))
    return said


def _sentences(changes: Changes) -> list[str]:
    named = (
        (changes.entered, _("Référés dans le trimestre, et saisis après l’arrêt : %(count)s.")),
        (changes.joined, _("Reconnus depuis comme doublons d’un autre dossier : %(count)s.")),
        (changes.set_aside, _("Reconnus depuis comme des essais : %(count)s.")),
        (changes.recalled, _("Retirés avant que quiconque les ait reçus : %(count)s.")),
    )
    return [sentence % {"count": _few(count)} for count, sentence in named if count]


def _few(count: int) -> str:
    few = _("moins de %(least)s") % {"least": settings.SMALL_CELL}
    return few if count < settings.SMALL_CELL else str(count)


def _same(reading: Reading, measured: Measured) -> bool:
    kept, found = reading.value, measured.value
    return (kept.number, kept.numerator, kept.denominator) == (found.number, found.numerator, found.denominator)
