"""Sending a case to several receivers in one act: level 1 at once; level 2 asks its question for each."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from core.access import confidential_read
from core.flash import flash
from core.transitions import Refused
from directory.models import Organisation
from directory.requests import StaffRequest
from feedback.enums import Lane
from feedback.models import Case
from referrals.actions.several import send_to_several
from referrals.forms.several import SeveralForm, SeveralPersonsForm
from referrals.models import Referral

LEVEL_1, ASK, LEVEL_2 = "1", "ask", "2"


def to_several(request: StaffRequest, case: Case, previous: Referral | None) -> HttpResponse:
    """`to-several`: send at level 1; ask what the person allows each; send with what they allowed."""
    step, initial = request.POST.get("to-several"), {"priority": case.priority, "language": case.language}
    if step == ASK:
        typed = {name: request.POST.get(name, "") for name in ("request", "priority", "service")}
        form: SeveralForm = SeveralPersonsForm(request.POST, initial=initial | typed, bound=False)
        return _page(request, case, previous, form)
    form = (SeveralPersonsForm if step == LEVEL_2 else SeveralForm)(request.POST, initial=initial)
    if form.is_valid():
        try:
            previous_id = previous.pk if previous is not None else None
            sent = send_to_several(case.pk, form.sendings(), by=request.user, previous_id=previous_id)
        except Refused as error:
            form.add_error(None, str(error.reason))
        except Organisation.DoesNotExist:
            form.add_error(None, _("Choisissez un destinataire."))
        else:
            flash(request, _sentence(sent))
            return _after(request, case, sent)
    return _page(request, case, previous, form, status=422)


def _page(
    request: StaffRequest, case: Case, previous: Referral | None, form: SeveralForm, status: int = 200
) -> HttpResponse:
    if case.lane == Lane.RESTRICTED:
        confidential_read(case, by=request.user)
    context = {"case": case, "previous": previous, "form": form, "is_person": isinstance(form, SeveralPersonsForm)}
    return render(request, "referrals/several.html", context, status=status)


def _sentence(sent: list[Referral]) -> str:
    names = {"receivers": get_text_list([one.receiver_name for one in sent], _("et"))}
    said = _("Transmis à %(receivers)s.") % names
    paper = [one.receiver_name for one in sent if one.is_on_paper]
    if paper:
        said += " " + _("Une fiche est à remettre à : %(receivers)s.") % {"receivers": ", ".join(paper)}
    return said


def _after(request: StaffRequest, case: Case, sent: list[Referral]) -> HttpResponse:
    """The case, where the chain shows all of them; else the first, for whoever sees no more than the referrals."""
    if Case.objects.visible_to(request.user).filter(pk=case.pk).exists():
        return redirect("referrals:case", pk=case.pk)
    return redirect("referrals:referral", pk=sent[0].pk)
