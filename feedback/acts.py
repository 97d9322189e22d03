"""What can be done to a case from its page: one table drives the buttons, the forms and the doors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.transitions import Refused
from directory.models import User
from feedback import actions
from feedback.enums import CaseState
from feedback.forms.acts import (
    AnswerForm,
    AskForm,
    AskShortForm,
    CloseBecauseForm,
    CloseForm,
    DangerOverForm,
    MergeForm,
    ProtectForm,
    ReclassifyForm,
    ReopenForm,
    SpokenForm,
    TellForm,
    WithdrawForm,
    WriteDownForm,
)
from feedback.forms.triage import TriageForm
from feedback.models import Case

S = CaseState
Form = Any
SORTED = (S.TRIAGED, S.REFERRED, S.ANSWERED)
UNFINISHED = (S.NEW, S.REOPENED, *SORTED)
ALL = (*UNFINISHED, S.CLOSED, S.MERGED)


@dataclass(frozen=True)
class Act:
    """`name` is the last word of its address; `permission` is the act that `Case.may` is asked about."""

    name: str
    label: str | Promise
    form: Any
    states: tuple[CaseState, ...]
    permission: str
    perform: Callable[[Case, Form, User], str]
    is_main: bool = False

    def is_for(self, case: Case, user: User) -> bool:
        """Whether the page offers it now to this person."""
        return case.state in self.states and case.may(self.permission, user) is None


def form_of(act: Act, case: Case, data: Any = None) -> Form:
    """The act's form for this case, bound to `data` if there is any. Named apart, so that ids never clash."""
    options: dict[str, Any] = {"auto_id": f"{act.name}_%s"}
    if act.form is TriageForm:
        return TriageForm(data, instance=case, **options)
    if act.form in (WriteDownForm, AskForm):
        return act.form(data, **options)
    return act.form(data, case=case, **options)


def offered(case: Case, user: User) -> list[Act]:
    """The acts that this person can do now, main ones first."""
    return sorted((act for act in ACTS if act.is_for(case, user)), key=lambda act: not act.is_main)


def _triage(case: Case, form: TriageForm, user: User) -> str:
    seen = form.cleaned_data["seen"] or None
    if form.way == "vault":
        actions.protect(case.pk, by=user, seen=seen)
        return _("Transmis aux personnes formées. Il n’en reste rien ici.")
    if form.way in ("gbv", "child"):
        actions.hand_to_protection(case.pk, form.way, by=user, seen=seen)  # type: ignore[arg-type]  # one of the two
        return _("Transmis aux points focaux protection. Orientez la personne vers un service, sans en demander plus.")
    sorted_case = actions.triage(case.pk, form.sorting(), by=user, seen=seen)
    if sorted_case.is_restricted:
        return _("Trié : seuls les destinataires désignés le voient maintenant, et ils sont prévenus.")
    return _("Trié. Répondez ou référez.")


def _answer(case: Case, form: AnswerForm, user: User) -> str:
    data = form.cleaned_data
    answer = actions.answer(
        case.pk,
        words=data["words"],
        kind=data["kind"],
        ready_answer=data["ready_answer"],
        by=user,
        seen=data["seen"] or None,
    )
    if answer.told_at is None:
        return _("Réponse enregistrée. Il reste à la dire à la personne.")
    return _("Réponse enregistrée. Elle part vers la personne : %(how)s.") % {"how": answer.get_told_how_display()}


def _tell(case: Case, form: TellForm, user: User) -> str:
    data = form.cleaned_data
    actions.tell_person(case.pk, how=data["how"], at=form.moment(), settled=data["settled"], by=user)
    return _("Noté : la personne a eu sa réponse.")


def _close(case: Case, form: CloseForm, user: User) -> str:
    actions.close(case.pk, outcome=form.cleaned_data["outcome"], by=user, seen=form.cleaned_data["seen"] or None)
    return _("Clos. La personne peut le rouvrir avec son numéro.")


def _close_because(case: Case, form: CloseBecauseForm, user: User) -> str:
    data = form.cleaned_data
    actions.close_because(case.pk, because=data["because"], by=user, seen=data["seen"] or None)
    return _("Clos sans réponse. La personne peut écrire de nouveau.")


def _reopen(case: Case, form: ReopenForm, user: User) -> str:
    data = form.cleaned_data
    actions.reopen(case.pk, reason_code=data["reason_code"], by=user, seen=data["seen"] or None)
    return _("Rouvert : il est de nouveau à trier.")


def _merge(case: Case, form: MergeForm, user: User) -> str:
    into = Case.objects.visible_to(user).filter(reference=form.cleaned_data["into"]).first()
    if into is None:
        raise Refused(_("Aucun dossier que vous voyez ne porte cette référence."))
    actions.merge(case.pk, into_id=into.pk, by=user, seen=form.cleaned_data["seen"] or None)
    return _("Réuni à %(reference)s. La personne suivra l’autre dossier avec son propre numéro.") % {
        "reference": into.reference
    }


def _reclassify(case: Case, form: ReclassifyForm, user: User) -> str:
    data = form.cleaned_data
    actions.reclassify(
        case.pk,
        category=data["category"],
        restricted_kind=data["restricted_kind"],
        by=user,
        seen=data["seen"] or None,
    )
    return _("Reclassé.")


def _ask(case: Case, form: AskForm, user: User) -> str:
    actions.ask_person(case.pk, pk=form.cleaned_data["once"], words=form.cleaned_data["words"], by=user)
    return _("Question envoyée. Ce que la personne répondra rejoindra ce dossier.")


def _ask_short(case: Case, form: AskShortForm, user: User) -> str:
    actions.ask_short(case.pk, asks=form.cleaned_data["asks"], pk=form.cleaned_data["once"], by=user)
    return _("Question envoyée. Si la personne répond, sa réponse rejoint ce dossier et le complète.")


def _danger_over(case: Case, form: DangerOverForm, user: User) -> str:
    actions.danger_over(case.pk, by=user)
    return _("Noté : quelqu’un a appelé. Le délai ne court plus.")


def _spoken(case: Case, form: SpokenForm, user: User) -> str:
    stops = form.cleaned_data["stops"] == "yes"
    actions.spoken_with(case.pk, stops=stops, by=user)
    if stops:
        return _("Noté : ce qui était en cours est retiré.")
    return _("Noté : ce qui est en cours continue, sans le nom ni le contact de la personne.")


def _withdraw(case: Case, form: WithdrawForm, user: User) -> str:
    actions.withdraw(case.pk, by=user, seen=form.cleaned_data["seen"] or None)
    return _("Noté : rien n’est plus transmis, et ce qui l’était est retiré.")


def _protect(case: Case, form: ProtectForm, user: User) -> str:
    actions.protect(case.pk, by=user, seen=form.cleaned_data["seen"] or None)
    return _("Protégé : les personnes de garde l’ont reçu. Il n’en reste rien ici.")


def _write(case: Case, form: WriteDownForm, user: User) -> str:
    data = form.cleaned_data
    after = actions.write_down(case.pk, pk=data["once"], words=data["words"], direction=data["direction"], by=user)
    if after.state == S.PROTECTED:
        return _("Ce que vous avez écrit demande une protection : le dossier est chez les personnes de garde.")
    return _("Ajouté au dossier.")


ACTS = (
    Act("triage", gettext_lazy("Trier"), TriageForm, (S.NEW, S.REOPENED), "triage", _triage, is_main=True),
    Act("answer", gettext_lazy("Répondre"), AnswerForm, SORTED, "answer", _answer, is_main=True),
    Act("tell", gettext_lazy("La réponse a été dite"), TellForm, (S.ANSWERED, S.CLOSED), "close", _tell, is_main=True),
    Act("close", gettext_lazy("Clore"), CloseForm, (S.ANSWERED,), "close", _close, is_main=True),
    Act("reopen", gettext_lazy("Rouvrir"), ReopenForm, (S.CLOSED,), "reopen", _reopen, is_main=True),
    Act("write", gettext_lazy("Ajouter des mots ou une note"), WriteDownForm, UNFINISHED, "triage", _write),
    Act("ask", gettext_lazy("Demander une précision à la personne"), AskForm, UNFINISHED, "triage", _ask),
    Act("ask-short", gettext_lazy("Poser une question courte"), AskShortForm, UNFINISHED, "triage", _ask_short),
    Act(
        "spoken",
        gettext_lazy("On a parlé avec la personne de son accord retiré"),
        SpokenForm,
        (*UNFINISHED, S.CLOSED),
        "withdraw",
        _spoken,
    ),
    Act(
        "danger-over",
        gettext_lazy("Quelqu’un a appelé : le danger est traité"),
        DangerOverForm,
        (*UNFINISHED, S.CLOSED),
        "triage",
        _danger_over,
    ),
    Act(
        "withdraw",
        gettext_lazy("La personne ne veut plus que sa demande soit transmise"),
        WithdrawForm,
        UNFINISHED,
        "withdraw",
        _withdraw,
    ),
    Act("merge", gettext_lazy("C’est un doublon"), MergeForm, UNFINISHED, "merge", _merge),
    Act(
        "reclassify", gettext_lazy("Changer la catégorie ou le circuit"), ReclassifyForm, SORTED, "triage", _reclassify
    ),
    Act("set-aside", gettext_lazy("Clore sans réponse"), CloseBecauseForm, (S.NEW,), "set_aside", _close_because),
    Act(
        "end", gettext_lazy("Clore sans réponse"), CloseBecauseForm, (S.TRIAGED,), "end_without_answer", _close_because
    ),
    Act("protect", gettext_lazy("Protéger ce dossier"), ProtectForm, ALL, "protect", _protect),
)
BY_NAME = {act.name: act for act in ACTS}
