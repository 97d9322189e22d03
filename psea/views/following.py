"""What surrounds a case: who is implicated, news of the entity, conflicts, holds, and the note that is handed over."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.flash import flash
from directory.models import Organisation, Place
from psea import actions, forms
from psea.actions.opening import case_for
from psea.enums import TO_TRANSMIT
from psea.models import SealedCase
from psea.rights import case_act_refused
from psea.session import OpenVault
from psea.views.access import user_of, vault_page
from psea.views.case_page import case_page
from psea.views.cases import case_view, done, fresh_case_view, sentence_of_copy

HOLDS = {"confirm": actions.confirm_hold, "lift": actions.lift_hold}
CONFLICTS = {"raise": actions.raise_conflict, "settle": actions.settle_conflict}


@require_POST
@case_view
def chase(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    form = forms.ChaseForm(request.POST)
    if not form.is_valid():
        return case_page(request, vault, case_id, bound={"chase_form": form})
    actions.chase(case_id=case_id, heard=form.cleaned_data["heard"], by=user_of(request))
    return done(request, case_id, _("Relance notée. Sans nouvelles, il faudra relancer encore."), "suite")


@require_POST
@case_view
def implicated(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    user = user_of(request)
    facts = actions.read_case(case_id=case_id, reader=vault.reader, by=user).facts
    form = forms.ImplicatedForm(request.POST, entity=facts.organisation_id)
    if not form.is_valid():
        return case_page(request, vault, case_id, bound={"implicated_form": form})
    entity = facts.organisation_id
    heads = frozenset({entity}) if entity is not None and form.cleaned_data.get("is_head") else frozenset()
    actions.name_implicated(case_id=case_id, implicated=form.implicated, heads=heads, reader=vault.reader, by=user)
    if not SealedCase.objects.visible_to(user).filter(pk=case_id).exists():
        flash(request, _("Noté. Ce dossier ne vous est plus confié."))
        return redirect("psea:cases")
    return done(request, case_id, _("Noté. Ces personnes ne le recevront jamais."), "suite")


@require_POST
@case_view
def copy_stated(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    """What the signed paper of an entity outside says of its copy."""
    form = forms.PaperCopyForm(request.POST)
    if not form.is_valid():
        return case_page(request, vault, case_id, bound={"paper_copy_form": form})
    actions.state_copy(case_id=case_id, reader=vault.reader, by=user_of(request), **form.cleaned_data)
    return done(request, case_id, _("Noté. Une autre personne doit le confirmer, papier en main."), "suite")


@require_POST
@case_view
def copy_confirmed(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    actions.confirm_copy(case_id=case_id, by=user_of(request))
    return done(request, case_id, sentence_of_copy(), "suite")


@require_POST
@case_view
def hold(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    """Asks for a legal hold."""
    form = forms.HoldForm(request.POST)
    if not form.is_valid():
        return case_page(request, vault, case_id, bound={"hold_form": form})
    actions.ask_hold(case_id=case_id, reason=form.cleaned_data["reason"], reader=vault.reader, by=user_of(request))
    return done(request, case_id, _("Demandé : une autre personne doit le confirmer sous trois jours."), "garder")


@require_POST
@case_view
def hold_act(request: HttpRequest, vault: OpenVault, case_id: UUID, act: str) -> HttpResponse:
    if act not in HOLDS:
        raise Http404
    HOLDS[act](case_id=case_id, by=user_of(request))
    return done(request, case_id, _("C'est noté."), "garder")


@require_POST
@case_view
def conflict(request: HttpRequest, vault: OpenVault, case_id: UUID, act: str) -> HttpResponse:
    if act not in CONFLICTS:
        raise Http404
    CONFLICTS[act](case_id=case_id, by=user_of(request))
    return done(request, case_id, _("C'est noté."), "garder")


@require_GET
@fresh_case_view
def slip(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    """The note to print for an entity that is not here: routing facts alone, what is asked, a place to sign."""
    user = user_of(request)
    case = case_for(case_id, user)
    if case.state not in TO_TRANSMIT or case_act_refused(case, "reach_outside", user) is not None:
        raise Http404
    facts = actions.read_case(case_id=case_id, reader=vault.reader, by=user).facts
    place = Place.objects.filter(pcode=facts.place_pcode).first()
    context = {
        "case_id": case_id,
        "today": timezone.localdate(),
        "facts": facts,
        "entity": Organisation.objects.filter(pk=facts.organisation_id or 0).first(),
        "region": place.region if place is not None else None,
        "officer": user,
    }
    return vault_page(request, vault, "psea/slip.html", context)
