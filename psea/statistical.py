"""What the common reports count of a case, in codes and numbers: no word, no name, no place (facts.md §1.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Allegation(TextChoices):
    EXPLOITATION = "exploitation", _("exploitation")
    ABUSE = "abuse", _("abus")
    OTHER = "other", _("autre ou inconnu")


class Victim(TextChoices):
    WOMAN = "woman", _("femmes")
    GIRL = "girl", _("filles de moins de 18 ans")
    MAN = "man", _("hommes")
    BOY = "boy", _("garçons de moins de 18 ans")
    WOMAN_OF_UNKNOWN_AGE = "woman_unknown_age", _("femmes ou filles d’âge inconnu")
    UNKNOWN = "unknown", _("personnes dont rien n’est connu")


class AuthorSex(TextChoices):
    MALE = "male", _("hommes")
    FEMALE = "female", _("femmes")
    UNKNOWN = "unknown", _("sexe inconnu")


class AuthorKind(TextChoices):
    UN_STAFF = "un_staff", _("personnel de l’ONU")
    UN_RELATED = "un_related", _("personnel apparenté à l’ONU")
    PARTNER = "partner", _("partenaire d’exécution")
    INGO = "ingo", _("ONG internationale")
    NNGO = "nngo", _("ONG nationale")
    RED_CROSS = "red_cross", _("mouvement de la Croix-Rouge")
    OUTSOURCED = "outsourced", _("sous-traitance ou bénévolat")
    OTHER_FORCE = "other_force", _("force non onusienne")
    UNKNOWN = "unknown", _("inconnu")


class Measure(TextChoices):
    """What the entity did."""

    DISMISSAL = "dismissal", _("licenciement")
    SANCTION = "sanction", _("sanction")
    NONE_POSSIBLE = "none_possible", _("aucune action possible")
    UNDER_WAY = "under_way", _("en cours")


@dataclass(frozen=True)
class Statistical:
    """Of one case; "" and 0 where nobody said. `victims` and `authors`: how many, by `Victim` and `AuthorSex`."""

    allegation: str = ""
    victims: Mapping[str, int] = field(default_factory=dict)
    authors: Mapping[str, int] = field(default_factory=dict)
    author_kind: str = ""
    measure: str = ""

    @classmethod
    def from_json(cls, values: Mapping[str, Any] | None) -> Self:
        return cls(**values) if values else cls()

    @property
    def is_empty(self) -> bool:
        return self == type(self)()
