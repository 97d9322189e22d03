"""Settings: which days are worked, by the country's calendar and as staff correct it."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.flash import flash
from core.formats import format_date
from core.models import DayCorrection
from core.working_time import SpecialDay, special_days
from directory.actions.calendar import correct_day, forget_correction
from directory.forms.calendar import DayForm
from directory.requests import StaffRequest
from directory.roles import Role
from directory.views.settings import FORM_METHODS, only_for

KEEPERS = (Role.WORKING_GROUP, Role.ADMINISTRATOR)


@require_http_methods(FORM_METHODS)
def calendar(request: StaffRequest) -> HttpResponse:
    """This year and the next, month by month, and the form that corrects a day."""
    only_for(request, *KEEPERS)
    this_year = timezone.localdate().year
    years = (this_year, this_year + 1)
    form = DayForm(request.POST or None, years=years)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        row = correct_day(said["day"], is_worked=said["worked"] == "yes", reason=said["reason"], by=request.user)
        worked, off = _("C’est noté : le %(day)s est travaillé."), _("C’est noté : le %(day)s n’est pas travaillé.")
        flash(request, (worked if row.is_worked else off) % {"day": format_date(row.day)})
        return redirect("directory:calendar")
    days = {year: special_days(year) for year in years}
    context = {
        "form": form,
        "years": [(str(year), _by_month(rows)) for year, rows in days.items()],
        "is_corrected": any(one.correction for rows in days.values() for one in rows),
    }
    return render(request, "directory/calendar.html", context, status=422 if form.errors else 200)


@require_POST
def calendar_forget(request: StaffRequest, pk: int) -> HttpResponse:
    only_for(request, *KEEPERS)
    row = get_object_or_404(DayCorrection, pk=pk)
    forget_correction(row, by=request.user)
    flash(request, _("Le %(day)s est de nouveau ce que dit le calendrier.") % {"day": format_date(row.day)})
    return redirect("directory:calendar")


def _by_month(rows: list[SpecialDay]) -> list[tuple[SpecialDay, list[SpecialDay]]]:
    """Each month that has any, by its first one."""
    months = [list(found) for _month, found in groupby(rows, key=lambda one: one.day.month)]
    return [(found[0], found) for found in months]
