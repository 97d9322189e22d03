"""Why an envelope is not taken: a code that another system reads, and a sentence for its people."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.transitions import Refused, Sentence


class Fault(TextChoices):
    """The codes of docs/exchange.md."""

    BAD_ENVELOPE = "bad-envelope", _("l’enveloppe ne se lit pas")
    BAD_SIGNATURE = "bad-signature", _("la signature n’est pas la bonne, ou date trop")
    UNKNOWN_VERSION = "unknown-version", _("cette version du protocole n’est pas connue là-bas")
    UNKNOWN_KIND = "unknown-kind", _("ce type d’enveloppe n’est pas connu là-bas")
    UNKNOWN_REFERRAL = "unknown-referral", _("ce référencement n’est pas (encore) connu là-bas")
    UNKNOWN_ORGANISATION = "unknown-organisation", _("l’organisation qui envoie n’est pas inscrite là-bas")
    NOT_ADDRESSABLE = "not-addressable", _("l’organisation destinataire n’est pas joignable par cette voie")
    UNKNOWN_CATEGORY = "unknown-category", _("la catégorie n’est pas connue là-bas")
    NO_FOCAL_POINT = "no-focal-point", _("personne là-bas ne peut recevoir une question de ce type ou de ce lieu")
    NOT_NEUTRAL = "not-neutral", _("un texte de niveau 1 contient un numéro")
    SEALED_MATTER = "sealed-matter", _("cela fait penser à une EAS : cela ne passe que par les personnes formées")
    UNREADABLE_PART = "unreadable-part", _("la partie scellée ne s’ouvre pas")
    NOT_POSSIBLE = "not-possible", _("l’acte n’est pas possible dans l’état où il est là-bas")


STATUS = {Fault.BAD_ENVELOPE: 400, Fault.BAD_SIGNATURE: 401, Fault.UNKNOWN_REFERRAL: 409}
# What is answered so will not be taken later either.
FINAL = frozenset({400, 413, 422})


class Unacceptable(Refused):
    """An envelope that is not taken; nothing of it is kept."""

    def __init__(self, fault: Fault, reason: Sentence = "") -> None:
        super().__init__(reason or fault.label)
        self.fault = fault

    @property
    def status(self) -> int:
        """422, unless the fault says otherwise. 409: perhaps later."""
        return STATUS.get(self.fault, 422)


def words_of(code: str) -> Sentence:
    """What a peer's code means; the code itself where it is none of ours."""
    return Fault(code).label if code in Fault.values else code
