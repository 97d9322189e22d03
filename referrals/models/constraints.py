"""What the database itself holds to be true of a referral."""

from __future__ import annotations

from django.db.models import BaseConstraint, CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from feedback.enums import AnswerKind
from referrals.enums import ReferralState, Side

_S = ReferralState


def _in(*states: ReferralState) -> Q:
    return Q(state__in=[state.value for state in states])


CONSTRAINTS: list[BaseConstraint] = [
    CheckConstraint(
        condition=Q(state=_S.DRAFT)
        | Q(first_sent_at__isnull=False, sent_at__isnull=False, accept_by__isnull=False, answer_by__isnull=False),
        name="referral_sent_has_its_clock",
        violation_error_message=_("Un référencement envoyé porte sa date et ses délais."),
    ),
    CheckConstraint(
        condition=~_in(
            _S.RECEIVED, _S.INFO_REQUESTED, _S.ACCEPTED, _S.IN_PROGRESS, _S.ANSWERED, _S.REFUSED, _S.FED_BACK
        )
        | Q(received_at__isnull=False),
        name="referral_received_has_its_date",
        violation_error_message=_("Un référencement reçu porte la date de réception."),
    ),
    CheckConstraint(
        condition=~_in(_S.ACCEPTED, _S.IN_PROGRESS)
        | (Q(accepted_at__isnull=False) & (Q(responsible__isnull=False) | Q(peer_holds=Side.RECEIVER))),
        name="referral_accepted_has_a_responsible",
        violation_error_message=_("Un référencement accepté a une personne responsable."),
    ),
    CheckConstraint(
        condition=~_in(_S.ANSWERED, _S.FED_BACK) | (Q(answered_at__isnull=False) & ~Q(answer_kind="")),
        name="referral_answered_says_how",
        violation_error_message=_("Une réponse porte sa date et son type."),
    ),
    CheckConstraint(
        condition=Q(answer_kind=AnswerKind.UNSUCCESSFUL.value) ^ Q(unsuccessful_reason=""),
        name="referral_unsuccessful_says_why",
        violation_error_message=_("« Non abouti » demande un motif, et lui seul."),
    ),
    CheckConstraint(
        condition=~_in(_S.REFUSED) | (Q(refused_at__isnull=False) & ~Q(refusal_code="")),
        name="referral_refused_says_why",
        violation_error_message=_("Un refus porte sa date et son motif."),
    ),
    CheckConstraint(
        condition=~_in(_S.RECALLED) | (Q(recalled_at__isnull=False) & ~Q(recall_reason="")),
        name="referral_recalled_says_why",
        violation_error_message=_("Un retrait porte sa date et son motif."),
    ),
    CheckConstraint(
        condition=~_in(_S.FED_BACK) | (Q(fed_back_at__isnull=False) & ~Q(told_how="")),
        name="referral_fed_back_says_how",
        violation_error_message=_("Le retour à la personne porte sa date et son moyen."),
    ),
    CheckConstraint(
        condition=~_in(_S.CLOSED) | (Q(closed_at__isnull=False) & ~Q(outcome="")),
        name="referral_closed_has_its_outcome",
        violation_error_message=_("Un référencement clos porte sa date et son issue."),
    ),
    CheckConstraint(
        condition=~_in(_S.REOPENED) | (Q(reopened_at__isnull=False, cycle__gt=1) & ~Q(reopen_reason="")),
        name="referral_reopened_says_why",
        violation_error_message=_("Une réouverture porte sa date et son motif, et ouvre un nouveau tour."),
    ),
    CheckConstraint(
        condition=~Q(receiver=F("sender")) | Q(receiver_office__isnull=False),
        name="referral_goes_to_someone_else",
        violation_error_message=_("On ne s’envoie pas un référencement à soi-même."),
    ),
    CheckConstraint(
        condition=Q(peer=None, peer_holds="", peer_ref="", peer_reference="")
        | (Q(peer__isnull=False, is_on_paper=False) & ~Q(peer_holds="")),
        name="referral_exchanged_has_its_side",
        violation_error_message=_("Un référencement échangé dit quel côté est dans l’autre installation."),
    ),
    UniqueConstraint(
        fields=["peer", "peer_holds", "peer_ref"],
        condition=Q(peer__isnull=False) & ~Q(peer_ref=""),
        name="referral_exchanged_once",
        violation_error_message=_("Ce référencement est déjà ici."),
    ),
]
