"""One referral: its page, and the acts it offers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from core.access import confidential_read
from core.flash import flash
from core.transitions import Conflict, Refused
from directory.models import User
from directory.requests import StaffRequest
from feedback.enums import Lane
from referrals import actions
from referrals.enums import Side
from referrals.forms.acts import ActForm, AskConsentForm, NoteForm, SayForm
from referrals.forms.files import FileForm
from referrals.models import Referral
from referrals.page import BY_NAME, page_context

DO: dict[str, Callable[..., Any]] = {
    "receive": actions.receive,
    "accept": actions.accept,
    "ask": actions.ask,
    "answer": actions.answer,
    "start": actions.start,
    "reply": actions.reply,
    "feed_back": actions.feed_back,
    "recall": actions.recall,
    "close": actions.close,
    "reopen": actions.reopen,
    "pause": actions.pause,
    "resume": actions.resume,
    "assign": actions.assign,
}
# Forms of the page that are no act on its state, by their place in it.
ON_THE_PAGE: dict[Any, str] = {SayForm: "say", NoteForm: "note", FileForm: "attach"}
# What happened, and what happens next.
DONE: dict[str, Promise] = {
    "receive": _("Réception notée. Acceptez, réorientez, demandez ou répondez."),
    "accept": _("Accepté. L’émetteur est prévenu ; le délai de réponse court."),
    "ask": _("Question envoyée à l’émetteur. Le délai continue de courir."),
    "answer": _(
        "Réponse enregistrée. La personne l’apprend par le moyen qu’elle a choisi, ou de qui a été nommé pour cela."
    ),
    "start": _("Traitement commencé."),
    "reply": _("Réponse envoyée au destinataire."),
    "feed_back": _("Retour à la personne noté. Vous pouvez clore."),
    "recall": _("Retiré. Le destinataire n’y a plus accès."),
    "close": _("Clos."),
    "pause": _("En pause : le délai de réponse ne court plus. L’émetteur est prévenu."),
    "resume": _("Le délai de réponse court de nouveau, prolongé d’autant."),
    "assign": _("Confié : la personne est prévenue."),
    "reopen": _("Rouvert : un nouveau délai court pour le destinataire."),
}


def visible_or_404(user: User, pk: uuid.UUID) -> Referral:
    """The referral if this person may know of it; else the same 404 as what does not exist."""
    return get_object_or_404(Referral.objects.visible_to(user).select_related("case"), pk=pk)


def referral_to_show(user: User, pk: uuid.UUID) -> Referral:
    """The same, with all that its page tells of it."""
    rows = Referral.objects.visible_to(user).with_life()
    return get_object_or_404(rows.select_related("case__concerned", "consent", "previous", "peer"), pk=pk)


@require_GET
def referral(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    return referral_page(request, referral_to_show(request.user, pk))


@require_POST
def act(request: StaffRequest, pk: uuid.UUID, name: str) -> HttpResponse:
    """One act of the page. A refusal keeps what was typed and says why."""
    row = visible_or_404(request.user, pk)
    if name not in DO:
        raise Http404
    form = BY_NAME[name].form(request.POST, referral=row)
    if not form.is_valid():
        return referral_page(request, referral_to_show(request.user, pk), form, status=422)
    try:
        DO[name](row.pk, by=request.user, **form.details())
    except Conflict as error:
        flash(request, str(error.reason), tone="warning")
        return referral_page(request, referral_to_show(request.user, pk), form, status=409)
    except Refused as error:
        form.add_error(None, str(error.reason))
        return referral_page(request, referral_to_show(request.user, pk), form, status=422)
    flash(request, str(DONE[name]))
    return redirect("referrals:referral", pk=pk)


@require_POST
def say(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """A message of the thread."""
    row = visible_or_404(request.user, pk)
    form = SayForm(request.POST, referral=row)
    if not form.is_valid():
        return referral_page(request, referral_to_show(request.user, pk), form, status=422)
    try:
        actions.say(row.pk, by=request.user, **form.details())
    except Refused as error:
        form.add_error(None, str(error.reason))
        return referral_page(request, referral_to_show(request.user, pk), form, status=422)
    flash(request, str(_("Message envoyé.")))
    return redirect("referrals:referral", pk=pk)


@require_POST
def confirm_erasure(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    row = visible_or_404(request.user, pk)
    try:
        actions.confirm_erasure(row.pk, by=request.user)
        flash(request, str(_("Effacement confirmé. La preuve en est gardée.")))
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    return redirect("referrals:referral", pk=pk)


@require_POST
def protect(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """They read there what belongs in the vault: from then on it reads as withdrawn, for them too."""
    row = visible_or_404(request.user, pk)
    try:
        actions.protect(row.pk, by=request.user)
        flash(request, str(_("Protégé : les personnes de garde l’ont reçu. Il n’en reste rien ici.")))
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    if Referral.objects.visible_to(request.user).filter(pk=pk).exists():
        return redirect("referrals:referral", pk=pk)
    return redirect("referrals:mine")


@require_POST
def ask_consent(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The sender has the person asked, by SMS, whether the receiver may have their number."""
    row = visible_or_404(request.user, pk)
    form = AskConsentForm(request.POST, referral=row)
    try:
        if form.is_valid():
            actions.ask_consent(row.pk, by=request.user, **form.details())
            flash(request, str(_("Question envoyée. Sans réponse, rien ne change.")))
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    return redirect("referrals:referral", pk=pk)


@require_POST
def withdraw_consent(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The person took back their consent, as the sender was told."""
    row = visible_or_404(request.user, pk)
    if row.consent_id is None or Side.SENDER not in Referral.objects.sides_of(row, request.user):
        raise Http404
    actions.withdraw_consent(row.consent_id, by=request.user)
    flash(request, str(_("Accord retiré. Le destinataire n’y a plus accès et doit confirmer l’effacement.")))
    return redirect("referrals:referral", pk=pk)


def referral_page(
    request: StaffRequest, row: Referral, form: ActForm | FileForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of one referral; a form that came back stands in its place, as it was typed."""
    context = page_context(row, request.user, form if isinstance(form, ActForm) else None)
    if type(form) in ON_THE_PAGE:
        context[ON_THE_PAGE[type(form)]] = form
    if row.case.lane == Lane.RESTRICTED or context["seen"].person:
        confidential_read(row, by=request.user)
    return render(request, "referrals/referral.html", context, status=status)
