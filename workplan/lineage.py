"""From a figure to what it counted, as far as the reader may see, and to what has changed since it was frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.periods import Quarter
from directory.models import User
from feedback.models import Case
from referrals.changes import Changes, changes_since
from workplan.bindings import Binding, binding_of, over_of
from workplan.enums import ReadingState
from workplan.measures import Measured, cohort_cutoff
from workplan.models import Indicator, Reading
from workplan.progress import standing
from workplan.suppression import publishable_list


@dataclass(frozen=True)
class Counted:
    """`unlisted`: how many counted cases the reader may not open; None when that is too few to say."""

    cases: QuerySet[Case]
    has_unlisted: bool
    unlisted: int | None


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
        counted=None if withheld or not binding.measure.counted else counted_of(binding.counted(quarter.period), user),
        digest="" if withheld else binding.digest(quarter.period),
    )


def split_of(binding: Binding, part: str, quarter: Quarter, cutoff: datetime | None) -> Mapping[str, int | None]:
    """The count broken down by a part that the measure allows, small numbers withheld, the total under TOTAL."""
    if binding.measure.split is None:
        return {}
    return publishable_list(binding.measure.split(part, quarter.period, over_of(binding.over), cutoff))


def counted_of(cases: QuerySet[Case], user: User) -> Counted:
    """In: the counted cases, the reader. Out: those they may open, and whether there are others."""
    total = cases.count()
    visible = Case.objects.visible_to(user).filter(pk__in=cases.values("pk"))
    mine = Case.objects.filter(pk__in=visible.values("pk")).select_related("category", "place").order_by("-received_at")
    open_to_them = mine.count()
    hidden = total - open_to_them
    return Counted(
        mine[: listed(total, open_to_them)],
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
    if binding.measure.counted and then is not None and not _same(reading, then):
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
