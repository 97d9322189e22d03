"""Cases on duty, the page of one case, and what is done from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from core.audio import played
from core.flash import flash
from core.pictures import shown
from core.transitions import Refused
from directory.models import Organisation
from psea import actions, forms
from psea.actions.copy_held import MOST_DAYS
from psea.actions.listing import list_cases
from psea.enums import ToldAbout
from psea.labels import CASE_ACTS, OFFER_ACTS
from psea.session import OpenVault
from psea.statistical import Statistical
from psea.trust import words_while_waiting
from psea.views.access import user_of, vault_fresh, vault_open, vault_page
from psea.views.case_page import case_page

P = ParamSpec("P")
CaseView = Callable[Concatenate[HttpRequest, OpenVault, UUID, P], HttpResponse]


def case_view(view: CaseView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A view of one case: what is not visible is not there; what is refused says why, on the page of the case."""

    return vault_open(_guarded(view))


def fresh_case_view(view: CaseView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """As `case_view`, for what leaves the vault: the passphrase was typed within the last minutes."""
    return vault_fresh(_guarded(view))


def _guarded(view: CaseView[P]) -> Callable[Concatenate[HttpRequest, OpenVault, P], HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, vault: OpenVault, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        case_id = kwargs.pop("case_id")
        assert isinstance(case_id, UUID)  # noqa: S101  the URL's converter gives it
        try:
            return view(request, vault, case_id, *args, **kwargs)
        except ObjectDoesNotExist as error:
            raise Http404 from error
        except Refused as error:
            flash(request, str(error.reason), tone="error")
            return redirect("psea:case", case_id=case_id)

    return guarded


@require_GET
@vault_open
def cases(request: HttpRequest, vault: OpenVault) -> HttpResponse:
    """By clock: the health window first, then transmission, then what is awaited."""
    over = request.GET.get("etat") == "clos"
    cards = list_cases(reader=vault.reader, by=user_of(request), at=timezone.now(), done=over)
    context = {"cards": cards, "done": over, "waiting_words": words_while_waiting(vault.reader.key_id)}
    return vault_page(request, vault, "psea/cases.html", context)


@require_GET
@case_view
def case(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    return case_page(request, vault, case_id)


@require_GET
@case_view
def recording(request: HttpRequest, vault: OpenVault, case_id: UUID, message_id: UUID) -> HttpResponse:
    """What the person said by voice; each listening is an audited read."""
    return played(_attached(request, vault, case_id, message_id, "recording"))


@require_GET
@case_view
def picture(request: HttpRequest, vault: OpenVault, case_id: UUID, message_id: UUID) -> HttpResponse:
    """A picture that the person sent; each look is an audited read."""
    return shown(_attached(request, vault, case_id, message_id, "picture"))


def _attached(request: HttpRequest, vault: OpenVault, case_id: UUID, message_id: UUID, name: str) -> str:
    opened = actions.read_case(case_id=case_id, reader=vault.reader, by=user_of(request))
    said = opened.narrative.messages if opened.narrative is not None else []
    found = next((str(getattr(one, name)) for one in said if one.message_id == message_id), "")
    if not found:
        raise Http404
    return found


@require_POST
@case_view
def open_(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    actions.open_case(case_id=case_id, reader=vault.reader, by=user_of(request))
    return redirect("psea:case", case_id=case_id)


@require_POST
@case_view
def facts(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    form = forms.FactsForm(request.POST)
    if not form.is_valid():
        return case_page(request, vault, case_id, bound={"facts_form": form})
    actions.extract_facts(
        case_id=case_id,
        reader=vault.reader,
        by=user_of(request),
        survivors=form.cleaned_data["survivors"],
        **form.changes(),
    )
    return done(request, case_id, _("Faits relevés. L'assistance se propose tout de suite, sans attendre la suite."))


@require_POST
@case_view
def statistics(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    form = forms.StatisticsForm(request.POST, statistical=Statistical())
    if not form.is_valid():
        return case_page(request, vault, case_id, bound={"statistics_form": form})
    actions.note_statistics(case_id=case_id, statistical=form.statistical(), reader=vault.reader, by=user_of(request))
    return done(request, case_id, _("Noté. Ces chiffres restent dans le coffre."), "faits")


@require_POST
@case_view
def offer(request: HttpRequest, vault: OpenVault, case_id: UUID, offer_id: UUID, act: str) -> HttpResponse:
    if act not in OFFER_ACTS:
        raise Http404
    form = forms.AcceptForm(request.POST)
    agreed = {"consent_by": form.cleaned_data["consent_by"]} if form.is_valid() else {}
    actions.move_offer(offer_id=offer_id, act=act, reader=vault.reader, by=user_of(request), **agreed)
    return done(request, case_id, _("Assistance : « %(act)s » est noté.") % {"act": OFFER_ACTS[act]}, "assistance")


@require_POST
@case_view
def add_offer(request: HttpRequest, vault: OpenVault, case_id: UUID, survivor_id: UUID) -> HttpResponse:
    form = forms.OfferForm(request.POST)
    if not form.is_valid():
        return case_page(request, vault, case_id, bound={"offer_form": form})
    actions.offer_assistance(survivor_id=survivor_id, service=form.cleaned_data["service"], by=user_of(request))
    return done(request, case_id, _("Le service est noté comme proposé."), "assistance")


@require_POST
@case_view
def transmit(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    form = forms.TransmitForm(request.POST, organisations=list(Organisation.objects.active()))
    if not form.is_valid():
        return case_page(request, vault, case_id, bound={"transmit_form": form})
    chosen = form.cleaned_data
    if not chosen["confirmed"]:
        return vault_page(request, vault, "psea/transmit.html", {"case_id": case_id, "form": form})
    actions.transmit(
        case_id=case_id,
        organisation_id=chosen["organisation_id"],
        straight_to_investigation=chosen["straight_to_investigation"],
        reader=vault.reader,
        by=user_of(request),
    )
    return done(request, case_id, _("Transmis. L'entité doit accuser réception dans les 48 heures."))


@require_POST
@case_view
def outside(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    form = forms.OutsideForm(request.POST)
    if not form.is_valid():
        return case_page(request, vault, case_id, bound={"outside_form": form})
    user = user_of(request)
    known = actions.read_case(case_id=case_id, reader=vault.reader, by=user).facts.organisation_id
    actions.reach_outside(case_id=case_id, organisation_id=known, reader=vault.reader, by=user)
    return done(request, case_id, _("Remise en main propre notée. Notez ici l'accusé de l'entité dès qu'il arrive."))


@require_POST
@case_view
def act(request: HttpRequest, vault: OpenVault, case_id: UUID, act: str) -> HttpResponse:
    """One step of the accountability track."""
    user = user_of(request)
    if act == "not_ours":
        actions.not_ours(case_id=case_id, by=user)
        flash(request, _("Le dossier est rendu aux personnes de garde."))
        return redirect("psea:cases")
    if act not in CASE_ACTS:
        raise Http404
    step = actions.reopen if act == "reopen" else None
    if step is not None:
        step(case_id=case_id, by=user)
    else:
        actions.advance(case_id=case_id, act=act, by=user)
    return done(request, case_id, _("« %(act)s » est noté.") % {"act": CASE_ACTS[act]})


@require_POST
@case_view
def inform(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    form = forms.InformForm(request.POST)
    if not form.is_valid():
        return case_page(request, vault, case_id, bound={"inform_form": form})
    chosen = form.cleaned_data
    actions.inform_person(
        case_id=case_id,
        about=ToldAbout(chosen["about"]),
        was_told=chosen["was_told"],
        on=chosen["on"],
        reader=vault.reader,
        by=user_of(request),
    )
    return done(request, case_id, _("C'est noté."), "informer")


@require_POST
@case_view
def note(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    form = forms.NoteForm(request.POST)
    if not form.is_valid():
        return case_page(request, vault, case_id, bound={"note_form": form})
    actions.add_note(case_id=case_id, words=form.cleaned_data["words"], reader=vault.reader, by=user_of(request))
    return done(request, case_id, _("Note scellée."), "notes")


@require_POST
@case_view
def ask(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    form = forms.AskForm(request.POST)
    if not form.is_valid():
        return case_page(request, vault, case_id, bound={"ask_form": form})
    words = form.cleaned_data["question"]
    actions.ask_person(case_id=case_id, words=words, reader=vault.reader, by=user_of(request))
    return done(request, case_id, _("Votre question attend la personne, à lire avec son numéro et son code."), "recit")


@require_POST
@case_view
def wish(request: HttpRequest, vault: OpenVault, case_id: UUID, message_id: UUID) -> HttpResponse:
    """The decision on what the person asked about what they said."""
    form = forms.WishForm(request.POST)
    if not form.is_valid():
        return case_page(request, vault, case_id, bound={"wish_form": form})
    actions.decide_wish(
        case_id=case_id,
        message_id=message_id,
        is_granted=form.cleaned_data["decision"],
        reason=form.cleaned_data["reason"],
        reader=vault.reader,
        by=user_of(request),
    )
    return done(request, case_id, _("Décidé, et consigné. Dites-le à la personne par son moyen sûr."))


@require_POST
@case_view
def copy_held(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    form = forms.CopyForm(request.POST)
    if not form.is_valid():
        return case_page(request, vault, case_id, bound={"copy_form": form})
    actions.confirm_copy_held(case_id=case_id, reader=vault.reader, by=user_of(request), **form.cleaned_data)
    return done(request, case_id, sentence_of_copy())


@require_POST
@case_view
def reclassify(request: HttpRequest, vault: OpenVault, case_id: UUID) -> HttpResponse:
    form = forms.ReclassifyForm(request.POST)
    if not form.is_valid():
        return case_page(request, vault, case_id, bound={"reclassify_form": form})
    chosen = form.cleaned_data
    if not chosen["confirmed"]:
        return vault_page(request, vault, "psea/reclassify.html", {"case_id": case_id, "form": form})
    actions.reclassify(
        case_id=case_id,
        as_what=form.what,
        no_disclosure=chosen["no_disclosure"],
        reader=vault.reader,
        by=user_of(request),
    )
    flash(request, _("Dossier reclassé. Il attend encore dans le coffre : remettez-le à qui s’en occupe."))
    return redirect("feedback:release", case_id=case_id)


def sentence_of_copy() -> str:
    """What is said once an entity's copy is confirmed."""
    days = min(settings.RETENTION_SEALED_WORDS_DAYS, MOST_DAYS)
    return ngettext(
        "Noté. Le récit quittera le coffre dans %(days)s jour au plus.",
        "Noté. Le récit quittera le coffre dans %(days)s jours au plus.",
        days,
    ) % {"days": days}


def done(request: HttpRequest, case_id: UUID, sentence: str, anchor: str = "") -> HttpResponse:
    """Back to the case, with what happened."""
    flash(request, sentence)
    response = redirect("psea:case", case_id=case_id)
    if anchor:
        response["Location"] += f"#{anchor}"
    return response
