"""What the page of one case shows, and in which order the next step is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from core.models import AuditEntry
from core.transitions import why_not
from directory.enums import ServiceType
from directory.languages import language_label
from directory.models import Organisation, Place, Service, User
from directory.roles import HANDLERS, Role
from psea.actions.assistance import may_consent, survivors_of
from psea.actions.chasing import waits
from psea.actions.copy_by_hand import may_confirm
from psea.actions.copying import may_copy
from psea.actions.holds import standing_hold
from psea.actions.leaving import may_leave
from psea.actions.listing import copies_outside, what_waits
from psea.actions.opening import OpenedCase, Said, read_case
from psea.actions.retention import goes_at
from psea.clocks import SECOND_AFTER, dues
from psea.databases import VAULT
from psea.enums import TO_TRANSMIT, WITH_ENTITY, CaseState, Known, OfferState, ToldAbout, Wish
from psea.facts import Facts
from psea.health import is_cared_for, windows
from psea.labels import CASE_ACTS, HISTORY, OFFER_ACTS, SETBACKS
from psea.models import AssistanceOffer, SealedCase
from psea.rights import assistance_refused
from psea.service_clocks import TO_REFER, service_dues
from psea.session import OpenVault
from psea.views.access import user_of, vault_page
from psea.views.case_forms import case_forms

WAITING_FOR_ENTITY = WITH_ENTITY | {CaseState.ACKNOWLEDGED}
NEEDS_A_PROVIDER = frozenset(
    {OfferState.TO_OFFER, OfferState.OFFERED, OfferState.DEFERRED, OfferState.ACCEPTED, OfferState.SERVICE_FAILED}
)


@dataclass(frozen=True)
class Button:
    """One act that this person may do now."""

    label: str | Promise
    url: str
    is_link: bool = False


@dataclass(frozen=True)
class Line:
    """One service of one survivor, with what can be done next and who provides it nearby."""

    offer: AssistanceOffer
    state: OfferState
    service: ServiceType
    buttons: list[Button]
    setbacks: list[Button]
    accept_url: str
    providers: list[Service]
    is_place_known: bool

    @property
    def has_none_near(self) -> bool:
        """Whether a provider is needed, and the directory knows of none where the case is."""
        return self.is_place_known and self.state in NEEDS_A_PROVIDER and not self.providers


@dataclass(frozen=True)
class Person:
    """One survivor, by a number that means nothing elsewhere."""

    number: int
    add_url: str
    lines: list[Line]


def case_page(
    request: HttpRequest, vault: OpenVault, case_id: UUID, *, bound: dict[str, Form] | None = None
) -> HttpResponse:
    """The page of one case; `bound` are forms that were refused, with what was typed. Audited read."""
    user = user_of(request)
    opened = read_case(case_id=case_id, reader=vault.reader, by=user)
    case, facts, now = opened.case, opened.facts, timezone.now()
    survivors = _survivors(case, facts, user)
    lines = [line for person in survivors for line in person.lines]
    waiting = dues(case, facts, now, what_waits([line.offer for line in lines], copies_outside([case])[case.pk]))
    context: dict[str, Any] = {
        "case": opened.case,
        "state": CaseState(opened.case.state),
        "narrative": opened.narrative,
        "wishes": _wishes(opened),
        "facts": _shown(facts),
        "survivors": survivors,
        "due": next(iter(waiting), None),
        "late": [due for due in waiting if due.deadline <= now],
        "health": health_panel(facts, lines, now),
        "buttons": case_buttons(opened.case, user),
        "next": next_step(opened, lines, user, now),
        "history": list(_history(opened.case)),
        "informed": [(ToldAbout(row.about), row) for row in opened.case.informed.using(VAULT)],
        "is_handler": user.has_role(*HANDLERS),
        "waits": waits(case),
        "goes_at": goes_at(case, now),
        "may_ring": waits(case) and now >= case.state_since + timedelta(hours=SECOND_AFTER),
        "may_print": not why_not(case, "transmit", user),
        "may_copy": opened.narrative is not None and may_copy(case, user),
        "paper_copy": paper_copy(case, facts, user),
        "hold": standing_hold(case, now),
        "me": user,
        "is_coordinator": user.has_role(Role.PSEA_COORDINATOR),
        "may_leave": opened.narrative is not None and may_leave(opened.case, user),
        **case_forms(opened, vault, user, bound or {}),
    }
    status = 422 if bound else 200
    return vault_page(request, vault, "psea/case.html", context, status=status)


def case_buttons(case: SealedCase, user: User) -> list[Button]:
    """The entity's steps that this person may take now."""
    acts = [act for act in CASE_ACTS if not why_not(case, act, user)]
    return [Button(CASE_ACTS[act], reverse("psea:act", args=[case.pk, act])) for act in acts]


def next_step(opened: OpenedCase, lines: list[Line], user: User, now: datetime) -> Button | None:
    """The one thing to do now: open, release, see to a service that is late, then the entity's step, note the facts,
    offer, refer, transmit.
    """
    case = opened.case
    if not user.has_role(*HANDLERS):
        return None
    if case.opened_at is None:
        return Button(_("Ouvrir le signalement"), reverse("psea:open", args=[case.pk]))
    if (away := release_url(opened, user)) is not None:
        return Button(_("Le remettre à qui s’en occupe"), away, is_link=True)
    for deadline, label, _rule in service_dues([line.offer for line in lines]):
        if deadline <= now:
            return Button(capfirst(str(label)), "#assistance", is_link=True)
    steps = case_buttons(case, user)
    if steps and case.state in WAITING_FOR_ENTITY:
        return steps[0]
    if not lines and opened.narrative is not None:
        return Button(_("Relever les faits"), "#faits", is_link=True)
    if any(line.state == OfferState.TO_OFFER for line in lines):
        return Button(_("Proposer l'assistance"), "#assistance", is_link=True)
    if any(line.state in TO_REFER for line in lines):
        return Button(_("Orienter vers le service"), "#assistance", is_link=True)
    if case.state in TO_TRANSMIT and not why_not(case, "transmit", user):
        return Button(_("Transmettre à l'entité"), "#transmettre", is_link=True)
    return Button(_("Noter ce que la personne sait"), "#informer", is_link=True)


def release_url(opened: OpenedCase, user: User) -> str | None:
    """Where a reclassified case is let go; None where it is not to be, or not by this person."""
    if opened.narrative is None or not may_leave(opened.case, user):
        return None
    return reverse("feedback:release", args=[opened.case.pk])


def _wishes(opened: OpenedCase) -> list[tuple[Said, Wish]]:
    """What the person asks about what they said, and nobody has decided."""
    said = opened.narrative.messages if opened.narrative is not None else []
    return [(one, Wish(one.wish)) for one in said if one.wish and one.decided_at is None]


def _survivors(case: SealedCase, facts: Facts, user: User) -> list[Person]:
    survivors = survivors_of(case)
    kinds = {offer.service for survivor in survivors for offer in survivor.offers.all()}
    providers = _providers(facts, user, kinds)
    may_act = assistance_refused(case, user) is None
    return [
        Person(
            number=number,
            add_url=reverse("psea:add_offer", args=[case.pk, survivor.pk]) if may_act else "",
            lines=[_line(case, facts, offer, providers, may_act=may_act) for offer in survivor.offers.all()],
        )
        for number, survivor in enumerate(survivors, 1)
    ]


def _line(
    case: SealedCase, facts: Facts, offer: AssistanceOffer, providers: dict[str, list[Service]], *, may_act: bool
) -> Line:
    acts = [act for act in OFFER_ACTS if may_act and can_proceed(getattr(offer, act), check_conditions=False)]
    buttons = {act: Button(OFFER_ACTS[act], reverse("psea:offer", args=[case.pk, offer.pk, act])) for act in acts}
    asks_consent = facts.child == Known.YES and "accept" in buttons
    near = providers.get(offer.service, []) if offer.state in NEEDS_A_PROVIDER else []
    return Line(
        offer=offer,
        state=OfferState(offer.state),
        service=ServiceType(offer.service),
        buttons=[
            button for act, button in buttons.items() if act not in SETBACKS and not (asks_consent and act == "accept")
        ],
        setbacks=[button for act, button in buttons.items() if act in SETBACKS],
        accept_url=buttons["accept"].url if asks_consent else "",
        providers=near,
        is_place_known=bool(facts.place_pcode),
    )


def _providers(facts: Facts, user: User, kinds: set[str]) -> dict[str, list[Service]]:
    """Services of these kinds where the case is, by the directory."""
    place = Place.objects.filter(pcode=facts.place_pcode).select_related("parent").first()
    if place is None:
        return {}
    near = Service.objects.visible_to(user).current().filter(kind__in=kinds).around(place)
    found: dict[str, list[Service]] = {}
    for service in near.select_related("organisation"):
        found.setdefault(service.kind, []).append(service)
    return found


def health_panel(facts: Facts, lines: list[Line], now: datetime) -> dict[str, Any] | None:
    """The health windows in words, while care may still be wanted; None when it was had, is not wanted, or is over."""
    if is_cared_for((line.offer.service, line.offer.state) for line in lines):
        return None
    found = windows(facts, now)
    if facts.incident_on is not None and not any(window.is_open for window in found):
        return None
    return {"windows": found, "is_day_known": bool(found), "is_hour_known": facts.incident_time is not None}


def paper_copy(case: SealedCase, facts: Facts, user: User) -> dict[str, Any] | None:
    """What an entity outside stated on paper, while a second person has not confirmed it."""
    if case.copy_stated_at is None or case.copy_held_at is not None:
        return None
    return {
        "reference": facts.copy_reference,
        "held_on": facts.copy_held_on,
        "statement": facts.copy_statement,
        "may_confirm": may_confirm(case, user),
    }


def _shown(facts: Facts) -> dict[str, Any]:
    organisation = Organisation.objects.filter(pk=facts.organisation_id or 0).first()
    place = Place.objects.filter(pcode=facts.place_pcode).first()
    language = language_label(facts.language) if facts.language else ""
    return {
        "organisation": organisation,
        "place": place,
        "child": facts.child,
        "is_child": facts.child == Known.YES,
        "caregiver": facts.caregiver_implicated,
        "consents": may_consent(facts) if facts.child == Known.YES else [],
        "danger": facts.danger,
        "fears_retaliation": facts.retaliation == Known.YES,
        "handed_by": Organisation.objects.filter(pk=facts.handed_by or 0).first(),
        "their_reference": facts.their_reference,
        "incident_on": facts.incident_on,
        "incident_time": facts.incident_time,
        "said_on": facts.said_on,
        "services": [ServiceType(service).label for service in facts.services],
        "language": language,
    }


def _history(case: SealedCase) -> Iterator[dict[str, Any]]:
    entries = AuditEntry.objects.using(VAULT).filter(target_id=str(case.pk), act__in=list(HISTORY))
    rows = list(entries.order_by("happened_at", "recorded_at"))
    ids = {int(row.actor_id) for row in rows if row.actor_kind == "user"}
    names = {str(user.pk): str(user) for user in User.objects.filter(pk__in=ids)}
    yield {"when": case.received_at, "title": _("Reçu et scellé"), "icon": "lock"}
    for row in rows:
        yield {"when": row.happened_at, "title": HISTORY[row.act], "actor": names.get(row.actor_id, "")}
