"""The closed lists of referrals: states, reasons, answers, consents (facts.md §3.2–3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.enums import AnswerKind

if TYPE_CHECKING:
    from collections.abc import Mapping


# What of the person a consent may open to one receiver, beside the matter (level 2).
OF_THE_PERSON = ("words", "name", "contact")


class ReferralState(TextChoices):
    """DESIGN §3. Late and escalated are computed from clocks, and are not here."""

    DRAFT = "draft", _("brouillon")
    SENT = "sent", _("envoyé")
    RECEIVED = "received", _("reçu")
    INFO_REQUESTED = "info_requested", _("complément demandé")
    ACCEPTED = "accepted", _("accepté")
    IN_PROGRESS = "in_progress", _("en traitement")
    ANSWERED = "answered", _("répondu")
    REFUSED = "refused", _("refusé")
    RECALLED = "recalled", _("retiré")
    FED_BACK = "fed_back", _("retour fait")
    CLOSED = "closed", _("clos")
    REOPENED = "reopened", _("rouvert")

    @property
    def tone(self) -> str:
        """How the state's badge looks (a component's tone)."""
        return _TONES[self]


_TONES: Mapping[ReferralState, str] = {
    ReferralState.DRAFT: "draft",
    ReferralState.SENT: "waiting",
    ReferralState.RECEIVED: "waiting",
    ReferralState.INFO_REQUESTED: "waiting",
    ReferralState.ACCEPTED: "active",
    ReferralState.IN_PROGRESS: "active",
    ReferralState.ANSWERED: "done",
    ReferralState.REFUSED: "stopped",
    ReferralState.RECALLED: "stopped",
    ReferralState.FED_BACK: "done",
    ReferralState.CLOSED: "neutral",
    ReferralState.REOPENED: "waiting",
}

_S = ReferralState
TO_ACCEPT = (_S.SENT, _S.RECEIVED, _S.INFO_REQUESTED, _S.REOPENED)
TO_ANSWER = (_S.ACCEPTED, _S.IN_PROGRESS)
LIVE = (*TO_ACCEPT, *TO_ANSWER)
WITH_ANSWER = (_S.ANSWERED, _S.FED_BACK, _S.CLOSED)


# For whom a referral is kept once its case was protected, where not for a kind of named people or for all it was for.
NOBODY = "nobody"


class Level(TextChoices):
    """What travels with a referral (DESIGN §4)."""

    MATTER = "1", _("niveau 1 : l’objet seulement")
    PERSON = "2", _("niveau 2 : la personne ou ses mots")


class Teller(TextChoices):
    """Who tells the person."""

    SENDER = "sender", _("l’émetteur")
    RECEIVER = "receiver", _("le destinataire")


SUCCESSES = (AnswerKind.RESPONSE, AnswerKind.ADJUSTMENT, AnswerKind.SERVICE_PROVIDED)


class Refusal(TextChoices):
    """Why "not us" (facts.md §3.3)."""

    HORS_MANDAT = "HORS_MANDAT", _("hors de notre mandat")
    HORS_ZONE = "HORS_ZONE", _("hors de notre zone")
    SANS_CAPACITE = "SANS_CAPACITE", _("sans capacité disponible")
    NON_ELIGIBLE = "NON_ELIGIBLE", _("ne remplit pas les critères")
    DOUBLON = "DOUBLON", _("doublon")
    DEJA_SERVI = "DEJA_SERVI", _("déjà servi")
    INFO_INSUFFISANTE = "INFO_INSUFFISANTE", _("informations insuffisantes")
    CONFLIT_INTERET = "CONFLIT_INTERET", _("conflit d’intérêts")


class NonSuccess(TextChoices):
    """Why an accepted referral came to nothing (Primero's list, facts.md §3.3)."""

    CLIENT_REFUSE = "CLIENT_REFUSE", _("la personne a refusé")
    MANQUE_CAPACITE = "MANQUE_CAPACITE", _("manque de capacité")
    SERVICE_PLUS_NECESSAIRE = "SERVICE_PLUS_NECESSAIRE", _("service plus nécessaire")
    CLIENT_INJOIGNABLE = "CLIENT_INJOIGNABLE", _("personne injoignable")
    ORGANISATION_INJOIGNABLE = "ORGANISATION_INJOIGNABLE", _("organisation injoignable")
    AUTRE = "AUTRE", _("autre")


class RecallReason(TextChoices):
    CONSENT_WITHDRAWN = "consent_withdrawn", _("la personne a retiré son accord")
    PERSON_WITHDREW = "person_withdrew", _("la personne ne souhaite plus de suite")
    SENT_IN_ERROR = "sent_in_error", _("envoyé par erreur")
    SOLVED = "solved", _("réglé autrement")
    UNDELIVERED = "undelivered", _("le système du destinataire ne l’a pas pris")
    OTHER = "other", _("retiré par l’émetteur, autre motif")


# What people can give; that it was not delivered is found out by itself.
RECALLED_BY_PEOPLE = [(one.value, one.label) for one in RecallReason if one != RecallReason.UNDELIVERED]


class ReopenReason(TextChoices):
    NOT_SETTLED = "not_settled", _("la personne dit que ce n’est pas réglé")
    NEW_FACTS = "new_facts", _("élément nouveau")
    ANSWER_INCOMPLETE = "answer_incomplete", _("réponse incomplète")
    ERROR = "error", _("erreur de saisie")


class CloseOutcome(TextChoices):
    SUCCESSFUL = "successful", _("abouti")
    UNSUCCESSFUL = "unsuccessful", _("non abouti")
    UNREACHABLE = "unreachable", _("personne injoignable")
    NO_ANSWER_WANTED = "no_answer_wanted", _("aucune réponse souhaitée")


class ConsentStatus(TextChoices):
    """Unknown is never "given": there is then no row."""

    GIVEN = "given", _("donné")
    REFUSED = "refused", _("refusé")
    WITHDRAWN = "withdrawn", pgettext_lazy("accord", "retiré")
    NOT_REQUIRED = "not_required", _("non requis (obligation)")


class ConsentMethod(TextChoices):
    ORAL = "oral", _("oral")
    WRITTEN = "written", _("écrit")
    FINGERPRINT = "fingerprint", _("empreinte")
    RECORDED = "recorded", _("vocal enregistré")
    SMS = "sms", _("par SMS, en réponse à notre question")


class ConsentGiver(TextChoices):
    SELF = "self", _("la personne elle-même")
    CAREGIVER = "caregiver", _("la personne qui s’en occupe")
    PROXY = "proxy", _("une personne mandatée")


class Override(TextChoices):
    """The only grounds to pass on a person's identity without their consent (facts.md §3.2)."""

    IMMINENT_DANGER = "imminent_danger", _("danger imminent")
    CHILD_AT_RISK = "child_at_risk", _("enfant en danger")
    MANDATORY_REPORT = "mandatory_report", _("signalement obligatoire")


class OverrideReview(TextChoices):
    """What somebody else of the same organisation found, who looked at it again."""

    FOUNDED = "founded", _("fondé")
    UNFOUNDED = "unfounded", _("non fondé : repris")


class Clock(TextChoices):
    """The two commitments of a referral."""

    ACCEPT = "accept", _("accepter ou refuser")
    ANSWER = "answer", _("répondre")


class PauseReason(TextChoices):
    """Why the time to answer does not run: nobody can go there."""

    ACCESS = "access", _("accès impossible")
    SECURITY = "security", _("insécurité")


class Step(TextChoices):
    """Who is told of a late referral, in order."""

    FOCAL_POINT = "focal_point", _("point focal")
    DEPUTY = "deputy", _("suppléant")
    MANAGER = "manager", _("responsable de l’organisation")


class Side(TextChoices):
    SENDER = "sender", _("émetteur")
    RECEIVER = "receiver", _("destinataire")


class FilteredList(TextChoices):
    """The lists whose filters somebody may keep under a name."""

    MINE = "mine", _("Pour moi")
    DESK = "desk", _("Tri")


class EventType(TextChoices):
    """What an organisation's own system is told of; never more than that it happened."""

    SENT = "referral.sent", _("référencement envoyé")
    CHANGED = "referral.changed", _("référencement changé")


class DeliveryState(TextChoices):
    QUEUED = "queued", _("en file")
    SENDING = "sending", _("en cours d’envoi")
    DELIVERED = "delivered", _("remis")
    FAILED = "failed", _("échoué")
    DROPPED = "dropped", _("sans objet")

    @property
    def tone(self) -> str:
        return {"delivered": "done", "failed": "stopped", "dropped": "neutral"}.get(self.value, "waiting")


class MessageKind(TextChoices):
    QUESTION = "question", _("question")
    REPLY = "reply", _("réponse à une question")
    MESSAGE = "message", _("message")


class FileKind(TextChoices):
    """What a file joined to a referral is, told by its bytes."""

    PICTURE = "picture", _("photo")
    VOICE = "voice", _("message vocal")
    PDF = "pdf", _("document PDF")


class EnvelopeKind(TextChoices):
    """What two installations say to each other of a referral (docs/exchange.md)."""

    REFERRAL = "referral", _("référencement")
    RECEIPT = "receipt", _("accusé de réception")
    DECISION = "decision", _("décision")
    MESSAGE = "message", _("message")
    PERSON = "person", _("ce que la personne permet")
    ANSWER = "answer", _("réponse")
    OUTCOME = "outcome", _("ce qu’il en est advenu")
    REOPENING = "reopening", _("réouverture")
    WITHDRAWAL = "withdrawal", _("retrait")
    ERASURE = "erasure", _("effacement confirmé")


_K = EnvelopeKind
# Which side speaks so; a message comes from either.
OF_SENDER = frozenset({_K.REFERRAL, _K.PERSON, _K.OUTCOME, _K.REOPENING, _K.WITHDRAWAL, _K.MESSAGE})
OF_RECEIVER = frozenset({_K.RECEIPT, _K.DECISION, _K.ANSWER, _K.ERASURE, _K.MESSAGE})


class SheetSays(TextChoices):
    """What whoever holds a sheet can say for its agency."""

    ACCEPT = "accept", _("Nous nous en occupons")
    REFUSE = "refuse", _("Ce n’est pas pour nous")
    ANSWER = "answer", _("Voici notre réponse")


class Taken(TextChoices):
    """What became of an envelope that came: the word that its sender is answered with."""

    TAKEN = "taken", _("pris")
    KNOWN = "known", _("déjà pris")
    OVERTAKEN = "overtaken", _("dépassé par un acte plus récent")
    NOTHING_HELD = "nothing-held", _("rien n’en est gardé")
