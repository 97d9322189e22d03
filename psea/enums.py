"""Words of the vault. Codes are stable; labels are what handlers read (DESIGN §3, facts.md §1)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class KeyKind(TextChoices):
    """Whose key it is: a person's, or that which two custodians hold together."""

    PERSON = "person", _("personne habilitée")
    RECOVERY = "recovery", _("recouvrement")


class Part(TextChoices):
    """A sealed case has three parts, each under its own data key, so that each reader gets what is theirs."""

    WORDS = "words", _("récit et contact")
    GUARD = "guard", _("parties mises en cause")
    FACTS = "facts", _("faits d'orientation")


class CaseState(TextChoices):
    """The accountability track of DESIGN §3."""

    RECEIVED = "received", _("reçu")
    TRANSMITTED = "transmitted", _("transmis à l'entité")
    ENTITY_OUTSIDE = "entity_outside", _("remis en main propre à l'entité")
    ACKNOWLEDGED = "acknowledged", _("réception accusée")
    PRELIMINARY_ASSESSMENT = "preliminary_assessment", _("évaluation préliminaire")
    INVESTIGATION = "investigation", _("enquête")
    SUBSTANTIATED = "substantiated", _("fondé")
    UNSUBSTANTIATED = "unsubstantiated", _("non fondé")
    INSUFFICIENT_INFORMATION = "insufficient_information", _("informations insuffisantes")
    NO_INVESTIGATION = "no_investigation", _("pas d'enquête")
    CLOSED_OTHER = "closed_other", _("clos, autre motif")
    NOT_OURS = "not_ours", _("ne relève pas de l'entité")
    RECLASSIFIED = "reclassified", _("reclassé hors EAS")
    REOPENED = "reopened", _("rouvert")

    @property
    def tone(self) -> str:
        if self in OUTCOMES:
            return "stopped"
        return _CASE_TONES.get(self, "active")


OUTCOMES = frozenset(
    {
        CaseState.SUBSTANTIATED,
        CaseState.UNSUBSTANTIATED,
        CaseState.INSUFFICIENT_INFORMATION,
        CaseState.NO_INVESTIGATION,
        CaseState.CLOSED_OTHER,
    }
)
TO_TRANSMIT = frozenset({CaseState.RECEIVED, CaseState.NOT_OURS, CaseState.REOPENED})
WITH_ENTITY = frozenset({CaseState.TRANSMITTED, CaseState.ENTITY_OUTSIDE})
# What takes no further step by itself.
OVER = frozenset({CaseState.RECLASSIFIED}) | OUTCOMES
ASSESSED = frozenset({CaseState.PRELIMINARY_ASSESSMENT, CaseState.INVESTIGATION}) | OUTCOMES
TAKEN_UP = frozenset({CaseState.ACKNOWLEDGED}) | ASSESSED

_CASE_TONES = {
    CaseState.RECEIVED: "waiting",
    CaseState.REOPENED: "waiting",
    CaseState.NOT_OURS: "waiting",
    CaseState.RECLASSIFIED: "stopped",
}


class OfferState(TextChoices):
    """The assistance track of DESIGN §3, one per survivor and service. It never waits for accountability."""

    TO_OFFER = "to_offer", _("à proposer")
    OFFERED = "offered", _("proposé")
    ACCEPTED = "accepted", _("accepté")
    DECLINED = "declined", _("refusé pour l'instant")
    DEFERRED = "deferred", _("remis à plus tard")
    REFERRED = "referred", _("orienté vers le service")
    SERVICE_CONFIRMED = "service_confirmed", _("service reçu")
    SERVICE_FAILED = "service_failed", _("service non abouti")
    WITHDRAWN = "withdrawn", _("retiré par la personne")
    UNREACHABLE = "unreachable", _("injoignable")
    UNSAFE_TO_CONTACT = "unsafe_to_contact", _("contact dangereux")

    @property
    def tone(self) -> str:
        return _OFFER_TONES[self]


_OFFER_TONES = {
    OfferState.TO_OFFER: "waiting",
    OfferState.OFFERED: "active",
    OfferState.ACCEPTED: "waiting",
    OfferState.DECLINED: "stopped",
    OfferState.DEFERRED: "waiting",
    OfferState.REFERRED: "active",
    OfferState.SERVICE_CONFIRMED: "done",
    OfferState.SERVICE_FAILED: "late",
    OfferState.WITHDRAWN: "stopped",
    OfferState.UNREACHABLE: "stopped",
    OfferState.UNSAFE_TO_CONTACT: "stopped",
}


class Stage(TextChoices):
    """The three words that a receipt number gives, in every lane."""

    RECEIVED = "received", _("reçu")
    IN_PROGRESS = "in_progress", _("en cours")
    ANSWERED = "answered", _("répondu")


class Known(TextChoices):
    YES = "yes", _("oui")
    NO = "no", _("non")
    UNKNOWN = "unknown", _("on ne sait pas")


class Consent(TextChoices):
    """Who agreed to a service. For a child whoever takes care of it, unless implicated (facts.md §1.3)."""

    PERSON = "person", _("la personne elle-même")
    CAREGIVER = "caregiver", _("la personne qui s’occupe de l’enfant")
    BEST_INTEREST = "best_interest", _("spécialiste PE, dans l’intérêt supérieur de l’enfant")


class Heard(TextChoices):
    """What an entity said when it was chased. Silence is an answer to chase again."""

    NO_ANSWER = "no_answer", _("pas de réponse")
    NO_NEWS = "no_news", _("rien de nouveau")
    UNDER_WAY = "under_way", _("en cours, suite promise")


class ToldAbout(TextChoices):
    """The moments at which the person is told where it stands (facts.md §1.3, step 7)."""

    RECEPTION = "reception", _("la réception")
    TRANSMISSION = "transmission", _("la transmission à l'entité")
    DECISION = "decision", _("la décision de l'entité")
    OUTCOME = "outcome", _("l'issue")


class ReclassifiedAs(TextChoices):
    """What a sealed case turns out to be when it is no SEA (DESIGN §3)."""

    GBV_OR_CHILD = "gbv_or_child", _("VBG ou protection de l'enfance (auteur non humanitaire)")
    WORKPLACE = "workplace", _("harcèlement au travail ou ressources humaines")
    CODE_OF_CONDUCT = "code_of_conduct", _("code de conduite ou intégrité")
    ORDINARY = "ordinary", _("retour ordinaire, sans aucune révélation")


class Width(TextChoices):
    """How long a period a released figure covers."""

    QUARTER = "quarter", _("trimestre")
    HALF_YEAR = "half_year", _("semestre")
    YEAR = "year", _("année")
    PLAN = "plan", _("plan entier")


class Wish(TextChoices):
    """What a person asks about what they said, as the public page offers it (`feedback.enums.DataWish`)."""

    SEE = "see", _("voir ce qu’elle a dit")
    CORRECT = "correct", _("corriger ce qu’elle a dit")
    ERASE = "erase", _("effacer ce qu’elle a dit")
