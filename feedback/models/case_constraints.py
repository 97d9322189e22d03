"""What belongs together in a case, held by the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BaseConstraint, CheckConstraint, F, Q
from django.utils.translation import gettext_lazy as _

from directory.enums import RestrictedKind
from feedback.enums import CaseState, ClosedBecause, Lane, Settled

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SORTED = [CaseState.TRIAGED, CaseState.REFERRED, CaseState.ANSWERED]
FORGOTTEN = Q(
    words__isnull=True,
    contact__isnull=True,
    place_said__isnull=True,
    note__isnull=True,
    source_reference__isnull=True,
    data_key__isnull=True,
    receipt_number__isnull=True,
    receipt_hash__isnull=True,
    phone_hash="",
    summary="",
)


def _check(name: str, condition: Q, message: StrOrPromise) -> CheckConstraint:
    return CheckConstraint(condition=condition, name=f"case_{name}", violation_error_message=message)


def _when(state: CaseState | list[CaseState], then: Q) -> Q:
    """In one of these states, `then` holds; in the others nothing is asked."""
    states = state if isinstance(state, list) else [state]
    return ~Q(state__in=[str(one) for one in states]) | then


CASE_CONSTRAINTS: list[BaseConstraint] = [
    _check(
        "asked_again_was_asked",
        Q(settled_asked_again_at__isnull=True) | Q(settled_asked_at__isnull=False),
        _("On ne redemande que ce qui a été demandé."),
    ),
    _check(
        "failures_have_a_date",
        Q(failed_deliveries=0, first_failed_at__isnull=True, unreachable_at__isnull=True)
        | Q(failed_deliveries__gt=0, first_failed_at__isnull=False),
        _("Un envoi non remis a une date."),
    ),
    _check(
        "training_is_a_test",
        Q(in_training=False) | Q(is_test=True),
        _("Ce qui est dit pendant un entraînement est un essai."),
    ),
    _check(
        "known_state",
        Q(state__in=CaseState.values),
        _("Cet état n'existe pas."),
    ),
    _check(
        "lane_and_kind",
        Q(lane=Lane.ORDINARY, restricted_kind="") | Q(lane=Lane.RESTRICTED, restricted_kind__in=RestrictedKind.values),
        _("Un dossier restreint a des destinataires désignés, un dossier ordinaire n'en a pas."),
    ),
    _check(
        "sorted_has_category",
        _when(SORTED, Q(triaged_at__isnull=False, category__isnull=False)),
        _("Un dossier trié a une catégorie et une date de tri."),
    ),
    _check(
        "sorted_has_summary",
        _when(SORTED, ~Q(summary="")),
        _("Un dossier trié a un résumé neutre."),
    ),
    _check(
        "referred_has_date",
        _when(CaseState.REFERRED, Q(first_referred_at__isnull=False)),
        _("Un dossier référé a une date de premier référencement."),
    ),
    _check(
        "answered_has_date",
        _when(CaseState.ANSWERED, Q(answered_at__isnull=False)),
        _("Un dossier répondu a une date de réponse."),
    ),
    _check(
        "closed_has_reason_and_date",
        _when(CaseState.CLOSED, Q(closed_at__isnull=False) & ~Q(closed_because="")),
        _("Un dossier clos a une raison et une date de clôture."),
    ),
    _check(
        "open_is_not_closed",
        Q(state__in=[CaseState.CLOSED, CaseState.MERGED, CaseState.PROTECTED])
        | Q(closed_at__isnull=True, closed_because="", outcome=""),
        _("Un dossier ouvert n'a ni issue ni date de clôture."),
    ),
    _check(
        "answered_and_closed_has_outcome",
        ~Q(closed_because=ClosedBecause.ANSWERED) | ~Q(outcome=""),
        _("Un dossier clos après réponse dit son issue."),
    ),
    _check(
        "reopened_has_date",
        _when(CaseState.REOPENED, Q(reopened_at__isnull=False, reopen_count__gt=0)),
        _("Un dossier rouvert a une date de réouverture."),
    ),
    _check(
        "merged_has_target",
        Q(state=CaseState.MERGED, merged_into__isnull=False, merged_at__isnull=False)
        | (~Q(state=CaseState.MERGED) & Q(merged_into__isnull=True, merged_at__isnull=True))
        | Q(state=CaseState.PROTECTED),
        _("Un dossier réuni à un autre dit lequel et quand."),
    ),
    _check(
        "protected_keeps_nothing",
        _when(CaseState.PROTECTED, Q(protected_at__isnull=False) & FORGOTTEN),
        _("Un dossier protégé ne garde ici ni mots, ni contact, ni numéro."),
    ),
    _check(
        "forgotten_keeps_nothing",
        Q(forgotten_at__isnull=True) | FORGOTTEN,
        _("Un dossier dont la conservation est finie ne garde ni mots, ni contact, ni numéro."),
    ),
    _check(
        "settled_has_date",
        Q(settled="", settled_at__isnull=True) | Q(settled__in=Settled.values, settled_at__isnull=False),
        _("Ce que la personne dit de la réponse a une date."),
    ),
    _check(
        "danger_has_its_clock",
        Q(danger_at__isnull=True, danger_due_at__isnull=True, danger_over_at__isnull=True)
        | Q(danger_at__isnull=False, danger_due_at__isnull=False),
        _("Un danger signalé a un délai pour appeler."),
    ),
    _check(
        "said_before_recorded",
        Q(said_at__isnull=True) | Q(said_at__lte=F("recorded_at")),
        _("Ce qui est dit l'est avant d'être saisi."),
    ),
]
