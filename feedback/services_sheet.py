"""What a community may be told of the services near it: plain words, and nothing that could put anybody in danger.

A service is printed only if one may come by oneself, there is room, somebody vouches for it, and the place is no
secret (`Service.objects.in_public`). A kind without plain words here is never printed.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.enums import ServiceType
from directory.models import Place, Service

T = ServiceType
PLAIN_WORDS: Mapping[str, Promise] = {
    T.HEALTH: _("Se faire soigner"),
    T.CLINICAL_CARE: _("Être soigné après des violences"),
    T.MHPSS: _("Parler à quelqu’un quand on va mal"),
    T.SAFETY: _("Être en sécurité"),
    T.LEGAL: _("Connaître et défendre ses droits"),
    T.CHILD_PROTECTION: _("Protéger un enfant"),
    T.GBV_CASE: _("Être écouté et accompagné après des violences"),
    T.MATERIAL: _("Recevoir du matériel pour la maison"),
    T.FOOD: _("Recevoir de la nourriture"),
    T.NUTRITION: _("Soigner un enfant trop maigre, nourrir une femme enceinte"),
    T.CASH: _("Recevoir de l’argent"),
    T.SHELTER: _("Avoir un abri"),
    T.WASH: _("Avoir de l’eau et des latrines"),
    T.EDUCATION: _("Aller à l’école"),
    T.LIVELIHOOD: _("Apprendre un métier, travailler"),
    T.FAMILY_LINKS: _("Retrouver sa famille"),
    T.DISABILITY: _("Être aidé quand on a un handicap"),
    T.DOCUMENTATION: _("Avoir des papiers d’identité"),
    T.INFORMATION: _("Savoir où aller, poser une question"),
}


def printed_services(place: Place) -> list[tuple[Promise, list[Service]]]:
    """By kind, in the order of `PLAIN_WORDS`: what of this place may be printed."""
    rows = Service.objects.in_public().around(place).filter(kind__in=list(PLAIN_WORDS))
    found: dict[str, list[Service]] = {kind: [] for kind in PLAIN_WORDS}
    for service in rows.select_related("organisation").prefetch_related("places").order_by("organisation__acronym"):
        found[service.kind].append(service)
    return [(PLAIN_WORDS[kind], services) for kind, services in found.items() if services]
