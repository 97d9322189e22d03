"""The forms on the page of one case: only those that this person may use now."""

from __future__ import annotations

from typing import Any

from django.forms import Form

from core.transitions import why_not
from directory.models import Organisation, User
from directory.roles import HANDLERS, Role
from psea import forms
from psea.actions.chasing import may_chase
from psea.actions.copy_by_hand import may_state
from psea.actions.opening import OpenedCase
from psea.actions.transmit import possible_entities
from psea.databases import VAULT
from psea.models import SealedCase
from psea.session import OpenVault
from psea.trust import INVESTIGATION, is_approved_for


def case_forms(opened: OpenedCase, vault: OpenVault, user: User, bound: dict[str, Form]) -> dict[str, Form]:
    """The forms that this person may use now, by name; those that were refused stand in their place."""
    found: dict[str, Form] = {"hold_form": forms.HoldForm()}
    case = opened.case
    if may_chase(case, user):
        found["chase_form"] = forms.ChaseForm()
    if not user.has_role(*HANDLERS) or case.opened_at is None:
        return found | bound
    found["facts_form"] = forms.FactsForm(initial=_initial(opened))
    found["statistics_form"] = forms.StatisticsForm(statistical=opened.facts.statistical)
    found["inform_form"] = forms.InformForm()
    found["offer_form"] = forms.OfferForm()
    if user.has_role(Role.PSEA_INTAKE_OFFICER):
        found["implicated_form"] = forms.ImplicatedForm(entity=opened.facts.organisation_id)
    if opened.narrative is not None:
        found["note_form"] = forms.NoteForm()
        found["wish_form"] = forms.WishForm()
        if opened.narrative.contact.code:
            found["ask_form"] = forms.AskForm()
    if not why_not(case, "transmit", user):
        organisations = list(Organisation.objects.filter(pk__in=possible_entities(case, vault.reader)))
        chosen = {"organisation_id": opened.facts.organisation_id}
        found["transmit_form"] = forms.TransmitForm(organisations=organisations, initial=chosen)
        found["outside_form"] = forms.OutsideForm()
        found["reclassify_form"] = forms.ReclassifyForm()
    if may_state(case, user):
        found["paper_copy_form"] = forms.PaperCopyForm()
    if _may_confirm_copy(case, vault):
        found["copy_form"] = forms.CopyForm()
    return found | bound


def _initial(opened: OpenedCase) -> dict[str, Any]:
    facts = opened.facts
    return {
        "organisation_id": facts.organisation_id,
        "place_pcode": facts.place_pcode,
        "incident_on": facts.incident_on,
        "incident_time": facts.incident_time,
        "caregiver_implicated": facts.caregiver_implicated,
        "child": facts.child,
        "danger": facts.danger,
        "retaliation": facts.retaliation,
        "services": list(facts.services),
        "survivors": opened.case.survivors.using(VAULT).count() or 1,
    }


def _may_confirm_copy(case: SealedCase, vault: OpenVault) -> bool:
    if case.acknowledged_at is None or case.copy_held_at is not None or case.conflict_at is not None:
        return False
    return is_approved_for(vault.reader.key_id, INVESTIGATION)
