from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.models import AuditEntry
from directory.models import User

BEFORE_ALL = date(2000, 1, 1)
KINDS = {
    "referrals": (_("Référencements"), Q(act__startswith="referrals.referral.")),
    "people": (_("Comptes et accès"), Q(act__startswith="directory.user.") | Q(act__startswith="directory.api")),
    "plan": (_("Plan de travail"), Q(act__startswith="workplan.")),
}


class JournalFilter(forms.Form):
    """Which acts are looked for: everything optional, from the address."""

    since = forms.DateField(label=_("Du"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Au"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    person = forms.ModelChoiceField(label=_("Par"), queryset=User.objects.none(), required=False, empty_label=_("Tous"))
    kind = forms.ChoiceField(
        label=_("Actes"),
        required=False,
        choices=[("", _("Tous")), *((code, label) for code, (label, _q) in KINDS.items())],
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.queryset = User.objects.filter(organisation=by.organisation_id)

    def found(self, rows: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """Those that answer, newest first; a value that the form does not know asks for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("since"):
            rows = rows.filter(recorded_at__date__gte=asked["since"])
        if asked.get("until"):
            rows = rows.filter(recorded_at__date__lte=asked["until"])
        if asked.get("person"):
            rows = rows.filter(actor_kind="user", actor_id=str(asked["person"].pk))
        if asked.get("kind"):
            rows = rows.filter(KINDS[asked["kind"]][1])
        return rows.order_by("-recorded_at", "id")

    def days(self, today: date) -> tuple[date, date]:
        """The first and the last day asked for, that one not to come; the whole time without."""
        self.is_valid()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        return max(since or BEFORE_ALL, BEFORE_ALL), min(until or today, today)
