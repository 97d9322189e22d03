"""The words of cases, messages and answers. Codes are stable; labels are what staff read."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from directory.enums import Channel as Channel  # noqa: PLC0414  said once, for the vault too, and known here as ours


class CaseState(TextChoices):
    """DESIGN §3. People are shown three words only: `psea.enums.Stage`."""

    NEW = "new", _("à trier")
    TRIAGED = "triaged", _("trié")
    REFERRED = "referred", _("référé")
    ANSWERED = "answered", _("répondu")
    CLOSED = "closed", _("clos")
    REOPENED = "reopened", _("rouvert")
    MERGED = "merged", _("réuni à un autre")
    PROTECTED = "protected", _("protégé")

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return _CASE_TONES[self]


_CASE_TONES = {
    CaseState.NEW: "waiting",
    CaseState.TRIAGED: "active",
    CaseState.REFERRED: "active",
    CaseState.ANSWERED: "done",
    CaseState.CLOSED: "neutral",
    CaseState.REOPENED: "late",
    CaseState.MERGED: "stopped",
    CaseState.PROTECTED: "sealed",
}

LIVE = (CaseState.NEW, CaseState.TRIAGED, CaseState.REFERRED, CaseState.ANSWERED, CaseState.REOPENED)


class Lane(TextChoices):
    ORDINARY = "ordinary", _("ordinaire")
    RESTRICTED = "restricted", _("restreint")


class Sensitivity(TextChoices):
    """facts.md §2.2 and §4."""

    S1 = "S1", _("S1 – public, agrégeable")
    S2 = "S2", _("S2 – restreint aux membres")
    S3 = "S3", _("S3 – confidentiel")
    S4 = "S4", _("S4 – strictement confidentiel")


class Level(IntegerChoices):
    """How serious a category is (facts.md §2.2)."""

    NONE = 0, _("sans objet")
    LOW = 1, _("faible")
    MEDIUM = 2, pgettext_lazy("niveau", "moyen")
    HIGH = 3, _("élevé")
    CRITICAL = 4, _("critique")
    URGENT = 5, _("urgent")


class Priority(TextChoices):
    """The three of the inter-agency form in use (facts.md §1.4)."""

    EMERGENCY = "emergency", _("Urgence vitale (24 h)")
    URGENT = "urgent", _("Urgent (72 h)")
    NORMAL = "normal", _("Normal (2 semaines)")


class SpeakerMode(TextChoices):
    SELF = "self", _("la personne elle-même")
    PROXY = "proxy", _("quelqu'un pour elle")
    GROUP = "group", _("un groupe")


class SafeContact(TextChoices):
    """How the person said they can safely be reached."""

    NONE = "none", _("aucun moyen")
    SMS = "sms", _("SMS")
    CALL = "call", _("appel")
    RELAY = "relay", _("par une personne de confiance")
    WEB = "web", _("sur le site, avec le numéro")


class Settled(TextChoices):
    """What the person said of the answer."""

    YES = "yes", _("réglé")
    PARTLY = "partly", _("réglé en partie")
    NO = "no", _("pas réglé")


class Outcome(TextChoices):
    SETTLED = "settled", _("réglé")
    PARTLY = "partly", _("réglé en partie")
    NOT_SETTLED = "not_settled", _("non réglé")
    UNREACHABLE = "unreachable", _("personne injoignable")
    NO_WAY = "no_way", _("aucun moyen de joindre la personne")
    NO_ANSWER_WANTED = "no_answer_wanted", _("pas de réponse souhaitée")


class ClosedBecause(TextChoices):
    ANSWERED = "answered", _("réponse donnée")
    NO_ANSWER_WANTED = "no_answer_wanted", _("pas de réponse souhaitée")
    THANKS = "thanks", _("remerciement")
    UNINTELLIGIBLE = "unintelligible", _("incompréhensible")
    TEST = "test", _("essai, erreur ou indésirable")


class ReopenReason(TextChoices):
    PERSON_NOT_SETTLED = "person_not_settled", _("la personne dit que ce n'est pas réglé")
    PERSON_SPOKE_AGAIN = "person_spoke_again", _("la personne a écrit de nouveau")
    ANSWER_NOT_RECEIVED = "answer_not_received", _("la réponse n'a pas atteint la personne")
    NEW_FACTS = "new_facts", _("faits nouveaux")
    CLOSED_BY_MISTAKE = "closed_by_mistake", _("clos par erreur")


class SafetyAnswer(TextChoices):
    """The first question of triage: SEA, VBG or a child in danger?"""

    YES = "yes", _("Oui")
    NO = "no", _("Non")
    UNSURE = "unsure", _("Je ne sais pas")


class Clock(TextChoices):
    """The promises that are measured (facts.md §1.4)."""

    ACKNOWLEDGE = "acknowledge", _("Accuser réception à la personne")
    TRIAGE = "triage", _("Trier")
    ANSWER = "answer", _("Répondre à la personne")
    REFER_OUT = "refer_out", _("Référer ce qui est hors mandat")
    ACCEPT = "accept", _("Accepter ou refuser un référencement")
    SERVICE = "service", _("Rendre un service après référencement")
    INTEGRITY = "integrity", _("Transmettre à l'unité d'intégrité")
    LIFE_THREAT = "life_threat", _("Appeler en cas de menace vitale")
    CLOSE_LOOP = "close_loop", _("Dire la réponse à la personne")
    SEA_TRANSMIT = "sea_transmit", _("EAS : transmettre à l'entité concernée")
    SEA_ACKNOWLEDGE = "sea_acknowledge", _("EAS : accuser réception par l'entité")
    SEA_ASSIST = "sea_assist", _("EAS : proposer l'assistance")
    SEA_INVESTIGATE = "sea_investigate", _("EAS : ouvrir l'enquête")
    SEA_REFER = "sea_refer", _("EAS : orienter vers un service accepté")
    SEA_CARE = "sea_care", _("EAS : soins reçus après l’orientation")
    SEA_SERVICE = "sea_service", _("EAS : autre service reçu après l’orientation")
    SEA_SERVICE_FAILED = "sea_service_failed", _("EAS : trouver un autre service après un échec")
    SEA_DEFERRED = "sea_deferred", _("EAS : reparler d’un service remis à plus tard")
    SEA_RELEASE = "sea_release", _("EAS : remettre un dossier reclassé")
    SEA_COPY = "sea_copy", _("EAS : confirmer la copie de l’entité après une issue")


# Nobody sets how soon the receipt leaves: at once.
CLOCKS_SET_HERE = tuple(clock for clock in Clock if clock != Clock.ACKNOWLEDGE)
CLOCKS_OF_THE_VAULT = tuple(clock for clock in Clock if clock.value.startswith("sea_"))


class MessageDirection(TextChoices):
    IN = "in", _("de la personne")
    OUT = "out", _("à la personne")
    NOTE = "note", _("note interne")


class AnswerKind(TextChoices):
    """DESIGN §3: the kinds of a referral's answer."""

    RESPONSE = "response", _("réponse")
    ADJUSTMENT = "adjustment", _("ajustement du programme")
    SERVICE_PROVIDED = "service_provided", _("service rendu")
    UNSUCCESSFUL = "unsuccessful", _("sans succès")


class AnswerSource(TextChoices):
    OPERATOR = "operator", _("équipe d'écoute")
    LIBRARY = "library", _("réponse toute prête")
    REFERRAL = "referral", _("organisation saisie")


class ToldHow(TextChoices):
    """How an answer went to the person."""

    SMS = "sms", _("SMS, avec les mots de la réponse")
    SMS_NOTICE = "sms_notice", _("SMS, sans les mots de la réponse")
    CALL = "call", _("appel")
    IN_PERSON = "in_person", _("de vive voix")
    RELAY = "relay", _("par une personne de confiance")
    WEB = "web", _("à lire sur le site")
    GROUP = "group", _("au groupe")
    NOT_YET = "not_yet", _("pas encore dit")


class Delivery(TextChoices):
    """Whether an answer reached the person."""

    WAITING = "waiting", _("à dire")
    SENT = "sent", _("envoyée")
    DELIVERED = "delivered", _("remise")
    FAILED = "failed", _("non remise")
    TOLD = "told", _("dite")
    READABLE = "readable", _("à lire sur le site")

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return {"waiting": "waiting", "sent": "active", "failed": "late"}.get(self.value, "done")


class EnvelopeState(TextChoices):
    STORED = "stored", _("reçue")
    HANDLED = "handled", _("traitée")
    FLAGGED = "flagged", _("à regarder")


class LanguageFrom(TextChoices):
    """How we know which language to write to a telephone in. What a human said is never undone by what we hear."""

    DEFAULT = "", _("par défaut")
    HEARD = "heard", _("reconnue à ses mots")
    CHOSEN = "chosen", _("choisie par la personne")
    STAFF = "staff", _("notée par l’équipe")


class PhoneAsks(TextChoices):
    """What we asked a telephone that ordered something: the same in every lane."""

    LANGUAGE = "language", _("quelle langue")
    WITHDRAW = "withdraw", _("retirer l’accord")
    SETTLED = "settled", _("est-ce réglé ?")


class ShortQuestion(TextChoices):
    """The short questions staff may put to a person, each only where the answer changes what happens."""

    PLACE = "place", _("Où est-ce ?")
    SAFE_CONTACT = "safe_contact", _("Comment la joindre sans risque ?")
    CONTACT = "contact", _("Son numéro peut-il être donné à l’organisation ?")


class SmsText(TextChoices):
    """The fixed texts sent by SMS, by the name of their file, and when each is sent."""

    RECEIPT = "receipt", _("accusé de réception")
    ADDED = "added", _("mots ajoutés à un message")
    HELP = "help", _("réponse à AIDE")
    NUMBER_MISTYPED = "number_mistyped", _("numéro mal recopié")
    STATUS_RECEIVED = "status_received", _("réponse à SUIVI : reçu")
    STATUS_IN_PROGRESS = "status_in_progress", _("réponse à SUIVI : en cours")
    STATUS_ANSWERED = "status_answered", _("réponse à SUIVI : répondu")
    STATUS_UNKNOWN = "status_unknown", _("réponse à SUIVI : rien à ce numéro")
    ANSWER_WAITING = "answer_waiting", _("une réponse attend")
    SETTLED_QUESTION = "settled_question", _("est-ce réglé ?")
    SETTLED_THANKS = "settled_thanks", _("merci de l’avoir dit")
    REOPENED = "reopened", _("rouvert par la personne")
    STOPPED = "stopped", _("réponse à STOP")
    RESTARTED = "restarted", _("réponse à START")
    RECEIPT_URGENT = "receipt_urgent", _("accusé de réception, avec le numéro d’urgence")
    URGENT = "urgent", _("le numéro d’urgence, à qui ajoute des mots")
    LANGUAGE_QUESTION = "language_question", _("réponse à LANGUE")
    LANGUAGE_SET = "language_set", _("langue choisie")
    LANGUAGE_NOTED = "language_noted", _("langue choisie, dans laquelle nous n’écrivons pas encore")
    WITHDRAW_QUESTION = "withdraw_question", _("réponse à ANNULER : confirmer ?")
    WITHDRAWN = "withdrawn", _("accord retiré")
    WITHDRAW_KEPT = "withdraw_kept", _("accord gardé")
    ASK_PLACE = "ask_place", _("question : où est-ce ?")
    ASK_SAFE_CONTACT = "ask_safe_contact", _("question : comment vous joindre ?")
    ASK_CONTACT = "ask_contact", _("question : donner votre numéro ?")
    ANSWER_NOTED = "answer_noted", _("réponse notée")


class WordEffect(TextChoices):
    """What an entry of the screening's lists does to a message that holds it."""

    RAISES = "raises", _("fait sceller le message")
    SPARES = "spares", _("est laissé de côté, sans rien cacher d’autre")


class WordAct(TextChoices):
    """What is done with an entry of the screening's lists."""

    ADD = "add", _("ajouter")
    SWITCH_OFF = "switch_off", _("éteindre")
    PUT_BACK = "put_back", _("remettre")


class DataWish(TextChoices):
    """What a person may ask about what they said."""

    SEE = "see", _("voir ce que j’ai dit et ce que vous gardez")
    CORRECT = "correct", _("corriger ce que j’ai dit")
    ERASE = "erase", _("effacer ce que j’ai dit")


class Decision(TextChoices):
    GRANTED = "granted", _("acceptée")
    REFUSED = "refused", _("refusée")


class DepositKind(TextChoices):
    """How another organisation hands over what it collected."""

    CASES = "cases", _("cas par cas")
    FIGURES = "figures", _("chiffres agrégés")


class DepositWay(TextChoices):
    FILE = "file", _("fichier")
    API = "api", _("son système")


class Came(TextChoices):
    """What became of one thing that a source handed over; the same words in every lane."""

    NEW = "new", _("reçue")
    KNOWN = "known", _("déjà connue")
    CHANGED = "changed", _("changée depuis")
    REFUSED = "refused", _("refusée")
