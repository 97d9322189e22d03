"""What an organisation's auditors read of the audit: what its people and systems did, and what befell its referrals.

Closed by default. Of the ordinary database only: nothing of the vault is here, not even that it was opened. Acts on a
case are left out, whoever did them: a history that stops short would say that the case became restricted or was sealed.
Referrals are those that the organisation's own system may know of; a recall that Jaabi made by itself is left out, so
that one that was protected looks like any that was withdrawn.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import AuditEntry
from directory.audit_words import ACTS as OF_THE_DIRECTORY
from directory.models import ApiClient, ApiToken, Office, Organisation, Service, User, Witness
from referrals.models import Endpoint, Referral

# Acts of an organisation's own people and systems that touch no case, by how they begin.
OWN_ACTS = (
    "directory.", "workplan.", "core.line.", "core.day.", "referrals.endpoint.", "referrals.delivery.",
    "referrals.comment.", "feedback.text.", "feedback.line_writing.", "feedback.category.", "feedback.deadlinerule.",
    "feedback.readyanswer.", "feedback.booklet.",
)  # fmt: skip
# What is an organisation's own: whoever touches it, its auditors read it.
OWN_THINGS = (User, Office, Service, ApiToken, ApiClient, Endpoint, Witness)

ACTS: dict[str, str | Promise] = OF_THE_DIRECTORY | {
    "referrals.referral.create": gettext_lazy("Référencement préparé"),
    "referrals.referral.send": gettext_lazy("Référencement envoyé"),
    "referrals.referral.receive": gettext_lazy("Référencement reçu"),
    "referrals.referral.accept": gettext_lazy("Référencement accepté"),
    "referrals.referral.ask": gettext_lazy("Précision demandée"),
    "referrals.referral.reply": gettext_lazy("Précision donnée"),
    "referrals.referral.refuse": gettext_lazy("« Pas pour nous »"),
    "referrals.referral.start": gettext_lazy("Traitement commencé"),
    "referrals.referral.answer": gettext_lazy("Réponse donnée"),
    "referrals.referral.feed_back": gettext_lazy("Personne informée"),
    "referrals.referral.recall": gettext_lazy("Référencement retiré"),
    "referrals.referral.close": gettext_lazy("Référencement clos"),
    "referrals.referral.reopen": gettext_lazy("Référencement rouvert"),
    "referrals.referral.hand_over": gettext_lazy("Référencement passé à quelqu’un d’autre"),
    "referrals.referral.assign": gettext_lazy("Référencement confié à quelqu’un d’autre"),
    "referrals.referral.pause": gettext_lazy("Délai suspendu"),
    "referrals.referral.resume": gettext_lazy("Délai repris"),
    "referrals.referral.read": gettext_lazy("Référencement lu, avec ce que la personne a permis"),
    "referrals.referral.ask_consent": gettext_lazy("Accord de la personne demandé"),
    "referrals.referral.confirm_erasure": gettext_lazy("Effacement confirmé"),
    "referrals.endpoint.add": gettext_lazy("Adresse d’événements ajoutée"),
    "referrals.endpoint.stop": gettext_lazy("Adresse d’événements arrêtée"),
    "referrals.delivery.again": gettext_lazy("Événement renvoyé"),
    "referrals.comment.say": gettext_lazy("Chiffres commentés"),
    "workplan.journal.export": gettext_lazy("Journal exporté"),
    "workplan.reading.save": gettext_lazy("Relevé noté"),
    "workplan.reading.submit": gettext_lazy("Relevé soumis"),
    "workplan.reading.verify": gettext_lazy("Relevé vérifié"),
    "workplan.reading.send_back": gettext_lazy("Relevé renvoyé"),
    "workplan.reading.correct": gettext_lazy("Relevé corrigé"),
    "feedback.text.write": gettext_lazy("Texte de SMS réécrit"),
    "feedback.text.approve": gettext_lazy("Texte de SMS approuvé"),
    "feedback.booklet.make": gettext_lazy("Carnet de numéros imprimé"),
}


class AsWritten(Func):
    """A UUID as the audit writes it: SQLite keeps one without its hyphens."""

    output_field = CharField()
    parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    template = " || '-' || ".join(f"substr(%(expressions)s, {start}, {size})" for start, size in parts)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="%(expressions)s::text", **more)


def journal_of(organisation: Organisation) -> QuerySet[AuditEntry]:
    """What its auditors may read, in no order."""
    acts = Q()
    for beginning in OWN_ACTS:
        acts |= Q(act__startswith=beginning)
    touched = _is(Organisation, Organisation.objects.filter(pk=organisation.pk))
    for model in OWN_THINGS:
        touched |= _is(model, model._default_manager.filter(organisation=organisation))
    referrals = _is(Referral, Referral.objects.of_system(organisation))
    by_itself = Q(act="referrals.referral.recall", actor_kind="system")
    return AuditEntry.objects.filter((acts & (_by(organisation) | touched)) | (referrals & ~by_itself))


def told(entries: list[AuditEntry], organisation: Organisation) -> list[tuple[AuditEntry, str, str, str]]:
    """Each entry with who acted, what was done, and on what; of another organisation's people, only which it is."""
    ids = {entry.actor_id for entry in entries if entry.actor_kind == "user"}
    ids |= {entry.target_id for entry in entries if entry.target_table == User._meta.db_table}
    people = {str(one.pk): one for one in User.objects.filter(pk__in=ids).select_related("organisation")}
    names = {
        pk: one.name if one.organisation_id == organisation.pk else str(one.organisation) for pk, one in people.items()
    }
    of_referrals = [entry.target_id for entry in entries if entry.target_table == Referral._meta.db_table]
    names_of = {Referral._meta.db_table: _references(of_referrals), User._meta.db_table: names}
    return [
        (
            entry,
            _who(entry, names),
            str(ACTS.get(entry.act, entry.act)),
            names_of.get(entry.target_table, {}).get(entry.target_id, ""),
        )
        for entry in entries
    ]


def _references(ids: list[str]) -> dict[str, str]:
    return {str(pk): said for pk, said in Referral.objects.filter(pk__in=ids).values_list("pk", "reference")}


def _who(entry: AuditEntry, names: dict[str, str]) -> str:
    others = {"integration": _("le système d’une organisation"), "person": _("la personne")}
    if entry.actor_kind == "user":
        return names.get(entry.actor_id, "")
    return others.get(entry.actor_kind, "Jaabi")


def _by(organisation: Organisation) -> Q:
    """Its people and its systems."""
    people = User.objects.filter(organisation=organisation).values_list(Cast("pk", CharField()))
    found = Q(actor_kind="user", actor_id__in=people)
    for kind, rows in (("token", ApiToken), ("client", ApiClient)):
        named = Concat(Value(f"{kind}:"), Cast("pk", CharField()))
        of_theirs = rows._default_manager.filter(organisation=organisation).values_list(named)
        found |= Q(actor_kind="integration", actor_id__in=of_theirs)
    return found


def _is(model: Any, rows: QuerySet[Any]) -> Q:
    key: Any = AsWritten(F("pk")) if model._meta.pk.get_internal_type() == "UUIDField" else Cast("pk", CharField())
    return Q(target_table=model._meta.db_table, target_id__in=rows.order_by().values_list(key))
