"""Roles, what each is for, and what follows from having it."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from directory.enums import RestrictedKind


class Role(TextChoices):
    OPERATOR = "operator", _("Opérateur ou opératrice")
    FOCAL_POINT = "focal_point", _("Point focal")
    AGENCY_MANAGER = "agency_manager", _("Responsable d'agence")
    INTEGRITY_FOCAL_POINT = "integrity_focal_point", _("Point focal intégrité")
    PROTECTION_FOCAL_POINT = "protection_focal_point", _("Point focal protection (VBG/PE)")
    SECURITY_FOCAL_POINT = "security_focal_point", _("Point focal sécurité")
    PSEA_INTAKE_OFFICER = "psea_intake_officer", _("Personne de garde PEAS")
    PSEA_FOCAL_POINT = "psea_focal_point", _("Point focal PEAS")
    PSEA_COORDINATOR = "psea_coordinator", _("Coordination PEAS")
    RECOVERY_CUSTODIAN = "recovery_custodian", _("Dépositaire du recouvrement")
    WORKPLAN_LEAD = "workplan_lead", _("Responsable d'activité du plan")
    WORKING_GROUP = "working_group", _("Groupe de travail redevabilité")
    OBSERVER = "observer", _("Observateur ou observatrice")
    AUDITOR = "auditor", _("Auditeur ou auditrice")
    ADMINISTRATOR = "administrator", _("Administration")
    INTEGRATION = "integration", _("Système d'une agence")


DESCRIPTIONS = {
    Role.OPERATOR: _("Saisit ce qui est dit, trie, répond aux questions simples et ferme la boucle."),
    Role.FOCAL_POINT: _("Reçoit les référencements de son organisation : accepte, réoriente, demande, répond."),
    Role.AGENCY_MANAGER: _("Suit son agence ; tient à jour ses personnes, bureaux et services."),
    Role.INTEGRITY_FOCAL_POINT: _("Traite la fraude et le code de conduite, et eux seuls."),
    Role.PROTECTION_FOCAL_POINT: _("Traite les questions de protection, VBG et PE, et elles seules."),
    Role.SECURITY_FOCAL_POINT: _("Traite les menaces de sécurité, et elles seules."),
    Role.PSEA_INTAKE_OFFICER: _("Ouvre les signalements scellés, propose l'assistance, transmet à l'entité."),
    Role.PSEA_FOCAL_POINT: _("Ouvre les signalements transmis à sa propre entité et tient leur état."),
    Role.PSEA_COORDINATOR: _("Voit les faits d'orientation, les dates et les comptes ; jamais le récit."),
    Role.RECOVERY_CUSTODIAN: _(
        "Avec une seconde personne, d’une autre organisation, rouvre le coffre à qui a perdu sa clé. Ne lit rien."
    ),
    Role.WORKPLAN_LEAD: _("Rapporte les indicateurs des activités de son organisation, avec preuve."),
    Role.WORKING_GROUP: _("Suit les tableaux de bord et le plan ; tient les textes, catégories et services."),
    Role.OBSERVER: _("Lit les chiffres collectifs."),
    Role.AUDITOR: _("Lit le journal de ce qui concerne son organisation, et le vérifie. Ne lit aucun dossier."),
    Role.ADMINISTRATOR: _("Tient les organisations, les comptes et les passerelles. Ne lit aucun dossier."),
    Role.INTEGRATION: _("Le système d'une agence, par l'API."),
}

HANDLERS = frozenset({Role.PSEA_INTAKE_OFFICER, Role.PSEA_FOCAL_POINT})
IN_VAULT = HANDLERS | {Role.PSEA_COORDINATOR}
HOLDS_KEY = IN_VAULT | {Role.RECOVERY_CUSTODIAN}

RESTRICTED_ROLES = {
    RestrictedKind.INTEGRITY: Role.INTEGRITY_FOCAL_POINT,
    RestrictedKind.PROTECTION: Role.PROTECTION_FOCAL_POINT,
    RestrictedKind.SECURITY: Role.SECURITY_FOCAL_POINT,
    # Requests about one's own data go to those who answer for integrity, until a data officer is named.
    RestrictedKind.DATA: Role.INTEGRITY_FOCAL_POINT,
}

# Whom words of imminent danger call, wherever the matter itself belongs.
WHO_CALL = (Role.SECURITY_FOCAL_POINT, Role.PROTECTION_FOCAL_POINT)

# Who holds one of these is not touched by their agency.
CONFIDENTIAL = HOLDS_KEY | frozenset(RESTRICTED_ROLES.values()) | {Role.ADMINISTRATOR, Role.AUDITOR}
# A manager reads no case, but invites those who do, and lets their agency's systems in.
NEEDS_SECOND_FACTOR = CONFIDENTIAL | {Role.AGENCY_MANAGER}

# Those for whom something may wait, so that somebody takes over when they go. The vault keeps its own rule: its keys
# are each handler's own, and no case may lose its last two.
TAKES_WORK = frozenset({Role.OPERATOR, Role.FOCAL_POINT, *RESTRICTED_ROLES.values(), Role.WORKPLAN_LEAD})
# Those of them whom a referral may wait for.
ACTS_ON_REFERRALS = TAKES_WORK - {Role.WORKPLAN_LEAD}
