"""Words shared by every lane. Codes are stable; labels are what staff read (facts.md §2–7)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

NOT_SAID = "not_said"


class OrganisationKind(TextChoices):
    UN = "un", _("Agence des Nations Unies")
    INGO = "ingo", _("ONG internationale")
    NNGO = "nngo", _("ONG nationale")
    RED_CROSS = "red_cross", _("Mouvement Croix-Rouge")
    CLUSTER = "cluster", _("Cluster")
    SUB_CLUSTER = "sub_cluster", _("Sous-cluster")
    REGIONAL_GROUP = "regional_group", _("Groupe régional")
    COMMON_SERVICE = "common_service", _("Service commun")
    GOVERNMENT = "government", _("Service de l'État")
    OTHER = "other", _("Autre")


class Channel(TextChoices):
    """By what way something was said."""

    SMS = "sms", _("SMS")
    WHATSAPP = "whatsapp", _("WhatsApp")
    WEB = "web", _("site web")
    VOICE = "voice", _("téléphone")
    HELP_DESK = "help_desk", _("point d'écoute")
    PAPER = "paper", _("papier")
    RELAY = "relay", _("relais communautaire")
    RADIO = "radio", _("radio")
    API = "api", _("système d'une agence")


class Notice(TextChoices):
    """What a notice to staff can say. A sealed matter uses the same sentences as any urgent one."""

    ACT = "act"
    LATE = "late"
    INFO = "info"


class NoticeWay(TextChoices):
    """How somebody is told that something waits."""

    EMAIL = "email", _("par courriel")
    SMS = "sms", _("par SMS")
    BOTH = "both", _("par courriel et par SMS")
    WHATSAPP = "whatsapp", _("par WhatsApp, sinon par SMS")


class NoticePace(TextChoices):
    """How often somebody is told of what is not urgent."""

    HOURLY = "hourly", _("un par heure au plus")
    DAILY = "daily", _("un résumé par matin ouvré")


class Sector(TextChoices):
    """The clusters of Mali's 5W (facts.md §2.2)."""

    SHELTER = "shelter", _("Abris et articles ménagers")
    COORDINATION = "coordination", _("Coordination")
    EDUCATION = "education", _("Éducation")
    WASH = "wash", _("Eau, hygiène et assainissement")
    NUTRITION = "nutrition", _("Nutrition")
    PROTECTION = "protection", _("Protection")
    FOOD_SECURITY = "food_security", _("Sécurité alimentaire")
    HEALTH = "health", _("Santé")
    LOGISTICS = "logistics", _("Logistique et télécommunications")
    RECOVERY = "recovery", _("Relèvement")


class ServiceType(TextChoices):
    """What a person can be referred to (facts.md §3.1)."""

    HEALTH = "health", _("Soins de santé")
    CLINICAL_CARE = "clinical_care", _("Prise en charge médicale des violences")
    MHPSS = "mhpss", _("Santé mentale et soutien psychosocial")
    SAFETY = "safety", _("Mise à l'abri et sécurité")
    LEGAL = "legal", _("Aide juridique")
    CHILD_PROTECTION = "child_protection", _("Protection de l'enfant")
    GBV_CASE = "gbv_case", _("Gestion de cas VBG")
    CHILD_BORN_OF_SEA = "child_born_of_sea", _("Appui à l'enfant né d'EAS")
    MATERIAL = "material", _("Aide matérielle")
    FOOD = "food", _("Vivres")
    NUTRITION = "nutrition", _("Nutrition")
    CASH = "cash", _("Transfert monétaire")
    SHELTER = "shelter", _("Abri et articles ménagers")
    WASH = "wash", _("Eau et assainissement")
    EDUCATION = "education", _("Éducation")
    LIVELIHOOD = "livelihood", _("Moyens d'existence")
    FAMILY_LINKS = "family_links", _("Rétablissement des liens familiaux")
    DISABILITY = "disability", _("Appui au handicap")
    DOCUMENTATION = "documentation", _("Pièces d'état civil")
    INFORMATION = "information", _("Information et orientation")


# What the UN Victim Assistance Protocol names (2019; facts.md §1.2): the services of the assistance track.
VICTIM_SERVICES = (
    ServiceType.CLINICAL_CARE,
    ServiceType.MHPSS,
    ServiceType.SAFETY,
    ServiceType.LEGAL,
    ServiceType.MATERIAL,
    ServiceType.CHILD_PROTECTION,
    ServiceType.GBV_CASE,
    ServiceType.CHILD_BORN_OF_SEA,
)


class Sex(TextChoices):
    FEMALE = "female", _("Femme ou fille")
    MALE = "male", _("Homme ou garçon")
    NOT_SAID = NOT_SAID, _("non communiqué")


class AgeGroup(TextChoices):
    CHILD = "child", _("Moins de 18 ans")
    ADULT = "adult", _("18 à 59 ans")
    OLDER = "older", _("60 ans et plus")
    NOT_SAID = NOT_SAID, _("non communiqué")


class Disability(TextChoices):
    YES = "yes", _("En situation de handicap")
    NO = "no", _("Sans handicap")
    NOT_SAID = NOT_SAID, _("non communiqué")


class PopulationStatus(TextChoices):
    IDP = "idp", _("Personne déplacée interne (PDI)")
    HOST = "host", _("Communauté hôte")
    RETURNEE = "returnee", _("Personne retournée")
    REFUGEE = "refugee", _("Personne réfugiée")
    NOT_SAID = NOT_SAID, _("non communiqué")


class RestrictedKind(TextChoices):
    """The kinds of restricted matters; each has its own focal points."""

    INTEGRITY = "integrity", _("Intégrité")
    PROTECTION = "protection", _("Protection (VBG, PE)")
    SECURITY = "security", _("Sécurité")
    DATA = "data", _("Données personnelles")
