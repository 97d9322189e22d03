""" "You said, we did": what closed cases let one say back to a place, before staff write what it does not say.

Made of counts by category of the ordinary lane only. The cercles of a region are published as one table, so that no
note gives back what another withholds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.formats import format_number
from core.periods import Quarter
from core.sms_encoding import fold
from directory.models import Place, User
from feedback.models import Case, Category
from feedback.statistics import closed_in, closed_with_answer
from workplan.suppression import Table, publishable

CHANGED, UNCHANGED = "changed", "unchanged"
IN_SMS = 3
# What staff are to write in place of it; no note is approved with one left.
BLANK = re.compile(r"\{[^{}\n]{1,80}\}")
SUMMARIES = 60


@dataclass(frozen=True)
class Told:
    """What may be said of a place and quarter: categories by their labels, most frequent first, and changes made."""

    said: Mapping[str, int]
    codes: tuple[str, ...]
    changed: int | None
    has_withheld: bool


@dataclass(frozen=True)
class Draft:
    sms: str
    radio: str
    poster: str


def told(place: Place, quarter: Quarter) -> Told:
    """The counts that may be published; small ones are left out."""
    region, region_of = place.region, Place.objects.region_codes()
    by_category: dict[tuple[str, str], int] = defaultdict(int)
    by_change: dict[tuple[str, str], int] = defaultdict(int)
    for (pcode, code, changed), count in closed_with_answer(quarter.period).items():
        if region_of[pcode] == region.pcode:
            by_category[pcode, code] += count
            by_change[pcode, CHANGED if changed else UNCHANGED] += count
    pcodes = sorted({pcode for pcode, _code in by_category} | {place.pcode})
    codes = sorted({code for _pcode, code in by_category})
    counts = _shown(publishable(by_category, pcodes, codes), place)
    changes = _shown(publishable(by_change, pcodes, [CHANGED, UNCHANGED]), place)
    kept = sorted(((code, n) for code, n in counts.items() if n), key=lambda one: (-one[1], one[0]))
    labels = dict(Category.objects.values_list("code", "label"))
    return Told(
        said={str(labels.get(code, code)).partition(" (")[0]: n for code, n in kept},
        codes=tuple(code for code, _n in kept),
        changed=changes[CHANGED],
        has_withheld=None in counts.values(),
    )


def draft(place: Place, quarter: Quarter, counts: Told) -> Draft:
    """The three texts, with blanks where only staff know what was done."""
    period = months_of(quarter)
    said = [_times(label, n) for label, n in counts.said.items()]
    did = [_("Une réponse a été donnée à chacune de ces demandes.")]
    if counts.changed:
        words = ngettext(
            "%(n)s fois, quelque chose a changé : {dites quoi}.",
            "%(n)s fois, quelque chose a changé : {dites quoi}.",
            counts.changed,
        )
        did.append(words % {"n": format_number(counts.changed)})
    else:
        did.append("{" + _("dites ce qui a été fait, ou pourquoi rien n’a pu l’être") + "}")
    address = f"{settings.PUBLIC_URL}/parler/"
    return Draft(
        sms=fold(
            _("%(place)s, %(period)s. Vous avez dit : %(said)s.")
            % {"place": place, "period": period, "said": ", ".join(said[:IN_SMS])}
            + " "
            + _("Fait : {dites quoi en peu de mots}. Parler : %(address)s") % {"address": address}
        ),
        radio="\n\n".join(
            [
                _("À %(place)s, de %(period)s, des personnes nous ont dit ce qu’elles pensent de l’aide.")
                % {"place": place, "period": period},
                _("Vous avez parlé de : %(said)s.") % {"said": " ; ".join(said)},
                *did,
                _("Continuez à parler : chacun a droit à une réponse."),
            ]
        ),
        poster="\n".join(
            [_("Vous avez dit"), *(f"– {one}" for one in said), "", _("Nous avons fait"), *(f"– {one}" for one in did)]
        ),
    )


def summaries(place: Place, quarter: Quarter, counts: Told, user: User) -> list[str]:
    """The neutral lines behind the counts, as far as this person may read those cases."""
    pcodes = [place.pcode, *place.children.values_list("pcode", flat=True)]
    closed = closed_in(quarter.period).filter(place__pcode__in=pcodes, category__in=counts.codes)
    readable = Case.objects.visible_to(user).filter(pk__in=closed.values("pk")).exclude(summary="")
    return list(readable.order_by("category", "summary").values_list("summary", flat=True)[:SUMMARIES])


def months_of(quarter: Quarter) -> str:
    """ "janvier à mars 2026"."""
    first, last = MONTHS[quarter.first_day.month], MONTHS[quarter.last_day.month]
    return _("%(first)s à %(last)s %(year)s") % {"first": first, "last": last, "year": quarter.year}


def _shown(table: Table, place: Place) -> dict[str, int | None]:
    """The row of a cercle, or the totals of its region."""
    row = table.total_row if place.parent_id is None else table.row(place.pcode)
    return dict(zip(table.columns, row, strict=False))


def _times(label: str, count: int) -> str:
    words = ngettext("%(label)s (%(n)s fois)", "%(label)s (%(n)s fois)", count)
    return words % {"label": label, "n": format_number(count)}


def poster_blocks(text: str) -> list[tuple[str, list[str]]]:
    """A poster's text as titled blocks: a line that begins no list is a title."""
    blocks: list[tuple[str, list[str]]] = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        if line[0] in "–-•" and blocks:
            blocks[-1][1].append(line.lstrip("–-• "))
        else:
            blocks.append((line, []))
    return blocks
