"""What each act is called on a button, and what is said after it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CASE_ACTS: dict[str, str | Promise] = {
    "acknowledge": _("Accuser réception"),
    "assess": _("Commencer l'évaluation préliminaire"),
    "investigate": _("Ouvrir une enquête"),
    "substantiate": _("Fondé"),
    "not_substantiate": _("Non fondé"),
    "lack_information": _("Informations insuffisantes"),
    "not_investigate": _("Pas d'enquête"),
    "close_otherwise": _("Clore pour un autre motif"),
    "not_ours": _("Ne relève pas de notre entité"),
    "reopen": _("Rouvrir"),
}
OFFER_ACTS: dict[str, str | Promise] = {
    "offer": _("Proposé"),
    "accept": _("Accepté"),
    "decline": _("Refusé"),
    "defer": _("Plus tard"),
    "refer": _("Orienté vers le service"),
    "confirm_service": _("Service reçu"),
    "fail_service": _("Service non abouti"),
    "withdraw": _("Retiré par la personne"),
    "mark_unreachable": _("Injoignable"),
    "mark_unsafe": _("Contact dangereux"),
}
# What seldom happens stands folded behind the rest.
SETBACKS = frozenset({"defer", "withdraw", "mark_unreachable", "mark_unsafe"})
HISTORY: dict[str, str | Promise] = {
    "psea.sealedcase.call_second": _("Non ouvert après 4 h : la seconde personne et la coordination sont appelées"),
    "psea.sealedcase.ring_round": _("Non ouvert après 12 h : il faut appeler à la ronde"),
    "psea.dutycall.add": _("Une personne a été appelée"),
    "psea.sealedcase.name_implicated": _("Parties mises en cause notées"),
    "psea.sealedcase.leave_out": _("Des personnes en conflit ont perdu l’accès"),
    "psea.sealedcase.chased": _("Entité relancée"),
    "psea.sealedcase.raise_conflict": _("Conflit d’intérêts signalé"),
    "psea.sealedcase.settle_conflict": _("Conflit d’intérêts réglé"),
    "psea.sealedcase.ask_hold": _("Conservation légale demandée"),
    "psea.sealedcase.confirm_hold": _("Conservation légale confirmée"),
    "psea.sealedcase.ask_lift": _("Fin de la conservation demandée"),
    "psea.sealedcase.lift_hold": _("Fin de la conservation"),
    "psea.sealedcase.hand_copy": _("Copie chiffrée remise à un enquêteur"),
    "psea.sealedcase.copy_destroyed": _("Copie dite détruite par son détenteur"),
    "psea.sealedcase.open": _("Ouvert"),
    "psea.sealedcase.extract_facts": _("Faits d'orientation relevés"),
    "psea.sealedcase.transmit": _("Transmis à l'entité"),
    "psea.sealedcase.reach_outside": _("Remis en main propre"),
    "psea.sealedcase.acknowledge": _("Accusé de réception de l'entité"),
    "psea.sealedcase.assess": _("Évaluation préliminaire commencée"),
    "psea.sealedcase.investigate": _("Enquête ouverte"),
    "psea.sealedcase.substantiate": _("Issue : fondé"),
    "psea.sealedcase.not_substantiate": _("Issue : non fondé"),
    "psea.sealedcase.lack_information": _("Issue : informations insuffisantes"),
    "psea.sealedcase.not_investigate": _("Issue : pas d'enquête"),
    "psea.sealedcase.close_otherwise": _("Issue : clos pour un autre motif"),
    "psea.sealedcase.not_ours": _("Ne relève pas de l'entité"),
    "psea.sealedcase.reclassify": _("Reclassé hors EAS"),
    "psea.sealedcase.reopen": _("Rouvert"),
    "psea.sealedcase.state_copy": _("Copie de l’entité relevée sur son papier signé"),
    "psea.sealedcase.confirm_copy_held": _("L'entité détient sa propre copie"),
    "psea.sealedcase.destroy_words": _("Récit détruit"),
    "psea.sealedcase.release_text": _("Texte remis au circuit compétent"),
    "psea.sealedcase.share": _("Ouvert à une autre personne habilitée"),
    "psea.informed.add": _("Information de la personne notée"),
    "psea.casenote.add": _("Note ajoutée"),
    "psea.sealedcase.ask": _("Question écrite à la personne"),
    "psea.sealedcase.decide_wish": _("Demande de la personne décidée"),
}
