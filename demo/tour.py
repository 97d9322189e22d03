"""The story in eight steps: who does what, where, and what is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from demo.accounts import Register
from directory.roles import Role

Text = str | Promise


@dataclass(frozen=True)
class Step:
    """One step: as whom (None: anybody), at which address, and what to look for."""

    title: Text
    text: Text
    view: str
    link: Text
    role: Role | None = None

    def shown(self, register: Register) -> dict[str, Any]:
        """For the page: with the address, and the first person of that role."""
        people = register.of_role(self.role) if self.role is not None else []
        return {
            "title": self.title,
            "text": self.text,
            "url": reverse(self.view),
            "link": self.link,
            "person": people[0] if people else None,
        }


STEPS = (
    Step(
        _("Quelqu’un parle"),
        _(
            "Envoyez une plainte par SMS : un numéro de 12 chiffres revient aussitôt. "
            "Essayez aussi SUIVI et ce numéro, AIDE, STOP."
        ),
        "demo:phone",
        _("Ouvrir le téléphone"),
    ),
    Step(
        _("Ou par le site"),
        _("Sans compte ni nom. À la fin, notez le numéro : c’est lui, et non le téléphone, qui ouvre le suivi."),
        "feedback:speak",
        _("Dire quelque chose"),
    ),
    Step(
        _("L’équipe d’écoute trie"),
        _(
            "La première question vient avant toute catégorie. "
            "Puis une ligne neutre, et une réponse ou un référencement."
        ),
        "referrals:desk",
        _("Ouvrir le tri"),
        Role.OPERATOR,
    ),
    Step(
        _("Une agence répond"),
        _("Acceptez, dites « pas nous, eux », demandez ou répondez. La réponse repart vers la personne."),
        "referrals:mine",
        _("Voir ce qui attend"),
        Role.FOCAL_POINT,
    ),
    Step(
        _("La personne dit si c’est réglé"),
        _("Sur le téléphone ou au suivi : oui, en partie, non. « Non » rouvre le dossier, avec un nouveau délai."),
        "feedback:follow",
        _("Où en est mon message ?"),
    ),
    Step(
        _("Ce qui suggère une exploitation est scellé"),
        _(
            "Envoyez l’allusion proposée sur le téléphone : le même accusé revient, mais rien n’apparaît au tri. "
            "Une personne de garde ouvre le coffre avec sa phrase, propose l’assistance, transmet à l’entité."
        ),
        "psea:locked",
        _("Ouvrir le coffre"),
        Role.PSEA_INTAKE_OFFICER,
    ),
    Step(
        _("Le plan de travail avance"),
        _(
            "L’indicateur 3.2.1.e se calcule seul et bouge à la réponse de l’étape 4. "
            "Les autres se rapportent et se vérifient."
        ),
        "workplan:plan",
        _("Ouvrir le plan"),
        Role.WORKPLAN_LEAD,
    ),
    Step(
        _("Tout le monde voit combien de fois on a répondu"),
        _("Par mois, catégorie, lieu et canal ; délais et part confirmée par les personnes ; chaque chiffre s’ouvre."),
        "workplan:dashboard",
        _("Ouvrir le tableau de bord"),
        Role.WORKING_GROUP,
    ),
)
