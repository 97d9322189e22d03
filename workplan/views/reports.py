"""The report of a quarter and the page for the country team: to read, to print, as PDF and as Word."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.flash import flash
from core.pdf import makes_pdf, pdf_of
from core.periods import Quarter
from core.sheet_writing import download
from core.transitions import Refused
from directory.requests import StaffRequest
from workplan.actions.asked import ask_the_team
from workplan.asked_of_team import asked_of_team
from workplan.document.sheet import Sheet, as_word
from workplan.forms.asked import AskedForm
from workplan.models import Plan
from workplan.one_page import one_page
from workplan.plans import asked_plan, asked_quarter, quarters_of
from workplan.public_words import SaysTooMuch
from workplan.quarter_report import quarter_report
from workplan.querysets import closes
from workplan.views.plan_files import DOCX

Make = Callable[[StaffRequest, Plan, Quarter], Sheet]


def _report(request: StaffRequest, plan: Plan, quarter: Quarter) -> Sheet:
    return quarter_report(plan, quarter, request.user)


def _one_page(request: StaffRequest, plan: Plan, quarter: Quarter) -> Sheet:
    return one_page(plan, quarter)


MAKERS: dict[str, Make] = {"report": _report, "one_page": _one_page}


@require_safe
def sheet(request: StaffRequest, what: str, form: str = "") -> HttpResponse:
    """`what` and `form` are the address table's. Where no PDF can be made, the page that is printed instead."""
    plan = asked_plan(request)
    quarter = asked_quarter(request, plan)
    made = MAKERS[what](request, plan, quarter)
    if form == "docx":
        is_report = what == "report"
        return download(as_word(made, is_landscape=is_report, size=9 if is_report else 10), DOCX, f"{made.name}.docx")
    context = {"plan": plan, "quarter": quarter, "quarters": quarters_of(plan), "what": what, "sheet": made}
    if form == "pdf" and makes_pdf():
        html = render_to_string("workplan/sheet_pdf.html", context, request=request)
        return download(pdf_of(html, "sheet_pdf.css"), "application/pdf", f"{made.name}.pdf")
    return render(request, "workplan/sheet.html", context | {"no_pdf": form == "pdf"})


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: StaffRequest) -> HttpResponse:
    """What is asked of the country team after a quarter: anyone reads it, the secretariat writes it."""
    plan = asked_plan(request)
    quarter, may_ask = asked_quarter(request, plan), closes(request.user, plan)
    asked = asked_of_team(plan, quarter)
    form = AskedForm(request.POST or None, initial={"words": asked.row.words if asked.row else ""})
    if form.is_bound and form.is_valid():
        try:
            ask_the_team(plan, quarter, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.asks_about_nobody = isinstance(refused, SaysTooMuch)
            form.add_error(None, str(refused.reason))
        else:
            flash(request, _("Enregistré : la revue, le rapport et la page pour l’EHP le montrent."))
            query = urlencode({"plan": plan.code, "period": quarter.code})
            return redirect(f"{reverse('workplan:review')}?{query}")
    context = {"plan": plan, "quarter": quarter, "asked": asked, "form": form, "may_ask": may_ask}
    return render(request, "workplan/asked.html", context, status=422 if form.is_bound else 200)
