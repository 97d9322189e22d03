"""The closed lists of the workplan."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an indicator's value looks like."""

    YES_NO = "yes_no", _("oui ou non")
    COUNT = "count", _("nombre")
    PERCENT = "percent", _("pourcentage")
    COUNT_WITH_SHARE = "count_with_share", _("nombre et part")
    COUNT_DISAGGREGATED = "count_disaggregated", _("nombre désagrégé")


class Source(models.TextChoices):
    MANUAL = "manual", _("saisi par le responsable")
    AUTO = "auto", _("calculé par la plateforme")


class Recurrence(models.TextChoices):
    ONCE = "once", _("une fois (jalon)")
    YEARLY = "yearly", _("une fois l’an")
    QUARTERLY = "quarterly", _("chaque trimestre")


class Aggregate(models.TextChoices):
    """How quarters make a longer period."""

    SUM = "sum", _("somme des trimestres")
    LATEST = "latest", _("dernier trimestre connu")


class Direction(models.TextChoices):
    UP = "up", _("une hausse est bonne")
    DOWN = "down", _("une baisse est bonne")
    NONE = "none", _("sans sens souhaité")


class Consolidation(models.TextChoices):
    """How what several organisations report of one indicator becomes its value. Fractions are added, never averaged."""

    SUM = "sum", _("somme de ce que chacune rapporte")
    LATEST = "latest", _("dernière valeur soumise")
    UNION = "union", _("oui dès que l’une le dit")


class ActorRole(models.TextChoices):
    LEAD = "lead", _("responsable")
    OTHER = "other", _("autre acteur")


class Verifier(models.TextChoices):
    """Who verifies an indicator (DESIGN §3, Reading)."""

    SECRETARIAT = "secretariat", _("Secrétariat de l’EHP avec le Cluster Protection")
    WORKING_GROUP = "working_group", _("Groupe de travail Redevabilité")
    PSEA_COORDINATOR = "psea_coordinator", _("Coordination PEAS")


class Basis(models.TextChoices):
    """Whom voices are set against."""

    POPULATION = "population", _("population")
    ASSISTED = "assisted", _("personnes assistées")


class Part(models.TextChoices):
    """What reference shares are of: each language, or each channel."""

    LANGUAGE = "language", _("langue")
    CHANNEL = "channel", _("canal")


class Due(models.TextChoices):
    """How pressing a value is, once its quarter is over."""

    LATE = "late", _("en retard")
    SOON = "soon", _("bientôt dû")
    OPEN = "open", _("à rapporter")


class Breadth(models.TextChoices):
    """Where cases are counted together, to be held against a trigger factor."""

    CERCLE = "cercle", _("cercle")
    REGION = "region", _("région")
    COUNTRY = "country", _("tout le pays")


class Check(models.TextChoices):
    """What a closing finds of one indicator."""

    MISSING = "missing", _("attendues et pas rapportées")
    UNFINISHED = "unfinished", _("en brouillon ou renvoyées")
    UNVERIFIED = "unverified", _("soumises et pas vérifiées")
    DOES_NOT_ADD_UP = "does_not_add_up", _("dont la désagrégation ne fait pas le total")
    REGISTER_CHANGED = "register_changed", _("dont le registre a changé depuis")


class Came(models.TextChoices):
    """What became of an entry that was given."""

    NEW = "new", _("nouvelles")
    CHANGED = "changed", _("changées")
    SAME = "same", _("inchangées")
    REFUSED = "refused", _("refusées")


class PlanAct(models.TextChoices):
    """What somebody did to an element of a plan."""

    MADE = "made", _("plan établi")
    ADDED = "added", _("ajouté")
    CHANGED = "changed", _("modifié")
    SETTLED = "settled", _("tranché")


class Loaded(models.TextChoices):
    """What became of one line of a sheet that was filled offline."""

    SAVED = "saved", _("enregistrée comme brouillon")
    SUBMITTED = "submitted", _("soumise")
    SAME = "same", _("inchangée")
    CONFLICT = "conflict", _("changée ici entre-temps : laissée telle quelle")
    WRONG = "wrong", _("à corriger")

    @property
    def tone(self) -> str:
        tones = {"saved": "draft", "submitted": "waiting", "same": "neutral", "conflict": "late", "wrong": "stopped"}
        return tones[self.value]


class Progress(models.TextChoices):
    """Where an activity stands."""

    NOT_STARTED = "not_started", _("pas commencée")
    ON_TRACK = "on_track", _("en bonne voie")
    LATE = "late", _("en retard")
    DONE = "done", _("achevée")
    BLOCKED = "blocked", _("bloquée")

    @property
    def tone(self) -> str:
        tones = {"not_started": "neutral", "on_track": "active", "late": "late", "done": "done", "blocked": "stopped"}
        return tones[self.value]


class ReadingState(models.TextChoices):
    DRAFT = "draft", _("brouillon")
    SUBMITTED = "submitted", _("soumis")
    VERIFIED = "verified", _("vérifié")
    RETURNED = "returned", _("renvoyé")

    @property
    def tone(self) -> str:
        tones = {"draft": "draft", "submitted": "waiting", "verified": "done", "returned": "stopped"}
        return tones[self.value]
