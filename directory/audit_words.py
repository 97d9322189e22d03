"""The acts of the directory's journal, as people say them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.models import AuditEntry
from directory.models import User

ACTS: dict[str, str | Promise] = {
    "directory.user.invite": _("Personne invitée"),
    "directory.user.change": _("Compte changé"),
    "directory.user.leave": _("Compte fermé"),
    "directory.user.reopen": _("Compte rouvert"),
    "directory.user.sign_out": _("Sessions fermées"),
    "directory.user.forget_factors": _("Double authentification retirée"),
    "directory.user.away": _("Absence commencée"),
    "directory.user.back": _("Absence finie"),
    "directory.service.confirm": _("Service confirmé"),
    "directory.service.edit": _("Service changé"),
    "directory.organisation.edit": _("Organisation changée"),
    "directory.organisation.create": _("Organisation créée d’un tableau 5W"),
    "directory.organisation.match": _("Nom d’un tableau 5W rapproché"),
    "directory.intervention_file.upload": _("Tableau 5W déposé"),
    "directory.intervention_file.confirm": _("Import 5W demandé"),
    "directory.intervention_file.finish": _("Import 5W fini"),
    "directory.intervention_file.discard": _("Tableau 5W effacé"),
    "directory.intervention_file.remove_absent": _("Lignes 5W absentes retirées"),
    "directory.intervention_file.forget": _("Tableaux 5W oubliés"),
    "directory.partnerlink.edit": _("Partenaire changé"),
    "directory.office.edit": _("Bureau changé"),
    "directory.scope.edit": _("Zone changée"),
    "directory.apitoken.issue": _("Jeton créé"),
    "directory.apitoken.revoke": _("Jeton révoqué"),
    "directory.apiclient.create": _("Client créé"),
    "directory.apiclient.revoke": _("Client révoqué"),
    "directory.witness.name": _("Témoin nommé"),
    "directory.witness.remove": _("Témoin retiré"),
    "core.day.correct": _("Jour du calendrier corrigé"),
    "core.day.forget": _("Correction du calendrier retirée"),
    "core.line.add": _("Ligne ajoutée"),
    "core.line.change": _("Ligne changée"),
    "core.line.start": _("Ligne mise en service"),
    "core.line.stop": _("Ligne arrêtée"),
    "core.line.make_default": _("Ligne mise par défaut"),
    "core.line.test": _("Ligne essayée"),
    "core.line.verify_again": _("Requêtes refusées vérifiées à nouveau"),
}


def _on_what(entry: AuditEntry, names: dict[str, str], people: str) -> str:
    if entry.act.startswith("core.line."):
        return str(entry.facts.get("name", ""))
    if entry.act.startswith("core.day."):
        return str(entry.facts.get("day", ""))
    return names.get(entry.target_id, "") if entry.target_table == people else f"n° {entry.target_id}"


def who_and_what(entries: list[AuditEntry]) -> list[tuple[AuditEntry, str, str, str]]:
    """Each entry with who acted, what was done, and on whom or what; a code without words is shown as it is."""
    names = {str(pk): name for pk, name in User.objects.values_list("pk", "name")}
    people = User._meta.db_table
    return [
        (
            entry,
            names.get(entry.actor_id, entry.actor_id) if entry.actor_kind == "user" else "Jaabi",
            str(ACTS.get(entry.act, entry.act)),
            _on_what(entry, names, people),
        )
        for entry in entries
    ]
