"""What other organisations counted, beside our figures and never in them."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.utils.translation import gettext as _

from core.formats import format_date
from directory.models import User
from directory.roles import Role
from feedback import collected
from feedback.models import Category
from workplan.dashboard.asked import Asked
from workplan.dashboard.panel import Panel, words
from workplan.suppression import TOTAL, publishable


def by_others(asked: Asked, user: User) -> Panel | None:
    """By category; by source too for the working group, as with every figure of agencies (DESIGN §5). None without any.

    Small numbers are withheld as in our own.
    """
    found = collected.collected(asked.quarter, asked.scope, asked.about)
    if not found:
        return None
    sources = collected.sources(asked.quarter)
    names = {str(pk): name for pk, name, _day in sources} if user.has_role(Role.WORKING_GROUP) else {}
    counts: Counter[tuple[str, str]] = Counter()
    for (source, code), count in found.items():
        counts[code, str(source) if names else "all"] += count
    codes, columns = sorted({code for code, _column in counts}), sorted({column for _code, column in counts})
    table = publishable(counts, codes, columns)
    labels = dict(Category.objects.values_list("code", "label")) | {"": _("catégorie à décider")}
    shown = [*columns, *([TOTAL] if names else [])]
    rows = [(str(labels.get(code, code)), *(words(table.values[code, column]) for column in shown)) for code in codes]
    rows.append((_("Ensemble"), *(words(table.values[TOTAL, column]) for column in shown)))
    headings = (
        _("Catégorie"),
        *(names.get(column, _("Nombre")) for column in columns),
        *([_("Ensemble")] if names else []),
    )
    return Panel("others", _("Retours recueillis par d’autres"), headings, rows, is_wide=True, note=_note(sources))


def _note(sources: list[tuple[int, str, date]]) -> str:
    given = ", ".join(f"{name} ({format_date(day)})" for _pk, name, day in sources)
    return _(
        "Donné par : %(sources)s. Ces retours ne s’ajoutent pas aux nôtres ; les matières scellées ou restreintes n’y "
        "sont pas."
    ) % {"sources": given}
