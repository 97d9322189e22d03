"""What the documents to print say: a card for each role, and what the operator says, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.roles import DESCRIPTIONS, NEEDS_SECOND_FACTOR, Role

R = Role
# What is true of everyone, whatever their role.
FOR_ALL = (
    _("Jamais de nom, de numéro ni de récit dans un courriel, un message ou une réunion."),
    _("Au moindre doute d’exploitation ou d’abus sexuel : n’interrogez pas, ne vérifiez pas, protégez le dossier."),
    _("Ce que vous ne voyez pas ne vous est pas destiné : ne demandez pas à le voir."),
    _("Fermez votre session en quittant l’écran. Un compte ne se prête pas : nommez une suppléance."),
)
ACTS: Mapping[Role, Sequence[Promise]] = {
    R.OPERATOR: (
        _("Posez d’abord la question de sécurité, puis la catégorie et une ligne neutre."),
        _("Répondez aux questions simples avec une réponse toute prête ; référez le reste."),
        _("Dites la réponse à la personne, demandez si c’est réglé, puis clôturez."),
    ),
    R.FOCAL_POINT: (
        _("Ouvrez « Pour moi » chaque jour : acceptez, ou dites « pas pour nous » et qui est compétent."),
        _("Répondez avec des mots que la personne comprendra : ce sont eux qu’elle lira ou entendra."),
        _("Demandez une précision à l’expéditeur sans donnée personnelle ; le délai continue."),
    ),
    R.AGENCY_MANAGER: (
        _("Gardez au moins deux points focaux et une suppléance : un dossier n’attend pas un congé."),
        _("Confirmez vos services tous les 90 jours, sinon ils ne sont plus proposés."),
        _("Regardez vos délais au regard de la médiane : votre agence ne voit qu’elle-même."),
    ),
    R.INTEGRITY_FOCAL_POINT: (
        _("Ne transmettez jamais à l’équipe mise en cause, ni à son bureau."),
        _("Dites à la personne que c’est reçu, puis ce qui en est advenu, sans détail de l’enquête."),
        _("Chaque lecture d’un dossier restreint est consignée."),
    ),
    R.PROTECTION_FOCAL_POINT: (
        _("Référez, ne collectez pas : le récit se dit à la personne qui prend en charge."),
        _("Rien sans le consentement de la personne ; pour un enfant, son intérêt supérieur."),
        _("Chaque lecture d’un dossier restreint est consignée."),
    ),
    R.SECURITY_FOCAL_POINT: (
        _("Une menace de mort se traite dans l’heure : appelez, n’écrivez pas."),
        _("Ne dites à personne qui a signalé."),
        _("Chaque lecture d’un dossier restreint est consignée."),
    ),
    R.PSEA_INTAKE_OFFICER: (
        _("Proposez l’assistance d’abord : elle n’attend ni enquête ni preuve."),
        _("Relevez les faits d’orientation seulement, puis transmettez à l’entité concernée."),
        _("Gardez la phrase de passe du coffre sur vous, jamais sur la machine."),
    ),
    R.PSEA_FOCAL_POINT: (
        _("Accusez réception, puis tenez l’état : l’enquête vit dans le système de votre entité."),
        _("Confirmez quand votre fonction d’enquête détient sa propre copie."),
        _("Faites dire à la personne où cela en est, par le moyen qu’elle a choisi."),
    ),
    R.PSEA_COORDINATOR: (
        _("Suivez les délais : transmis, reçu, assistance proposée."),
        _("Aucun récit ne vous parvient, et vous n’en demandez pas."),
        _("Les chiffres publiés respectent le seuil ; les exacts restent dans le coffre."),
    ),
    R.RECOVERY_CUSTODIAN: (
        _("Gardez la feuille des sept mots et celle du code en deux endroits."),
        _("Avant de donner votre moitié, appelez qui la demande, à un numéro que vous connaissez."),
        _("Il faut deux personnes de deux organisations ; vous ne lisez aucun dossier."),
    ),
    R.WORKPLAN_LEAD: (
        _("Rapportez dans les délais du trimestre ; une case vide n’est pas un zéro."),
        _("Joignez la preuve ; un pourcentage va avec sa fraction."),
        _("Personne ne vérifie son propre chiffre."),
    ),
    R.WORKING_GROUP: (
        _("Relisez les textes des SMS avec des personnes qui parlent chaque langue."),
        _("Regardez qui ne parle pas, et allez le lui demander."),
        _("Dites aux communautés ce qui a été dit et ce qui a été fait."),
    ),
    R.OBSERVER: (
        _("Les chiffres sont collectifs ; les petits nombres ne sont pas publiés."),
        _("Chaque chiffre s’ouvre sur sa définition."),
    ),
    R.AUDITOR: (
        _("Regardez qui a fait quoi des comptes, des réglages et des référencements de votre organisation."),
        _("Vérifiez un export avec le programme public et les courriels que votre organisation a gardés."),
        _("Vous ne lisez aucun dossier ; une question sur un acte se pose à la personne qui l’a fait."),
    ),
    R.ADMINISTRATOR: (
        _("Fermez un compte le jour du départ ; la double authentification n’a pas d’exception."),
        _("Surveillez les lignes : un numéro qui ne reçoit plus est une porte fermée."),
        _("Vous ne lisez aucun dossier, d’aucun circuit."),
    ),
    R.INTEGRATION: (
        _("Un jeton par système, limité à ce qui lui sert ; révoquez-le s’il a pu être vu."),
        _("Le coffre n’a pas d’API."),
    ),
}


@dataclass(frozen=True)
class Card:
    """One role on one page."""

    role: Role
    description: str | Promise
    acts: Sequence[str | Promise]
    has_second_factor: bool


@dataclass(frozen=True)
class Step:
    """One step of what the operator says. `said`: word for word; `note`: what to do meanwhile."""

    title: str | Promise
    said: Sequence[str | Promise]
    note: str | Promise = ""


def card(role: Role) -> Card:
    """What this role does, and what it must remember."""
    return Card(role, DESCRIPTIONS[role], ACTS[role], role in NEEDS_SECOND_FACTOR)


SCRIPT = (
    Step(
        _("Accueillir"),
        (_("Bonjour, merci d’appeler. Je vous écoute. Vous n’avez pas besoin de me donner votre nom."),),
        _("Demandez dans quelle langue, et si la personne peut parler librement maintenant."),
    ),
    Step(
        _("Prévenir"),
        (
            _(
                "Ce que vous dites sera résumé en une ligne, sans votre nom, et transmis à l’organisation qui peut "
                "répondre. Si vous ne le voulez pas, dites-le-moi."
            ),
            _(
                "Si quelqu’un de l’aide a fait du mal à une personne, je dois le transmettre à quelques personnes "
                "formées."
            ),
        ),
        _("Ne promettez jamais le secret absolu, ni un résultat."),
    ),
    Step(
        _("Écouter"),
        (_("Dites-moi ce qui se passe, avec vos mots. Où est-ce, et depuis quand ?"),),
        _("Écrivez ses mots. N’enquêtez pas, ne jugez pas, ne complétez pas."),
    ),
    Step(
        _("La sécurité d’abord"),
        (_("Êtes-vous en sécurité maintenant ? Quelqu’un a-t-il besoin de soins ou de protection tout de suite ?"),),
        _("Violence, enfant en danger, exploitation ou abus : arrêtez les questions, bouton « Sujet délicat »."),
    ),
    Step(
        _("Joindre sans danger"),
        (
            _("Comment pouvons-nous vous donner la réponse sans que cela vous cause d’ennui ?"),
            _("D’autres personnes lisent-elles vos SMS ?"),
        ),
        _("« Je ne sais pas » veut dire : aucun moyen. N’insistez pas."),
    ),
    Step(
        _("Qui parle"),
        (_("Quelques questions pour compter sans vous nommer ; vous pouvez ne pas répondre."),),
        _("Sexe, âge, handicap, statut : « non communiqué » est une réponse."),
    ),
    Step(
        _("Donner le numéro"),
        (
            _("Voici votre numéro, en trois groupes de quatre chiffres. Écrivez-le, ne le montrez à personne."),
            _("Pour savoir où en est votre message : envoyez SUIVI et ce numéro, ou rappelez."),
        ),
        _("Dictez-le lentement, faites-le répéter."),
    ),
)
