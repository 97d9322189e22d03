"""The thresholds and the retention in force, as whoever runs the platform set them: for reading only."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from directory.requests import StaffRequest
from feedback.views.roles import for_roles
from feedback.views.texts import KEEPERS

DAYS = ngettext_lazy("%(count)s jour", "%(count)s jours", "count")
HOURS = ngettext_lazy("%(count)s heure", "%(count)s heures", "count")
MINUTES = ngettext_lazy("%(count)s minute", "%(count)s minutes", "count")
CASES = ngettext_lazy("%(count)s dossier", "%(count)s dossiers", "count")
PERCENT = gettext_lazy("%(count)s %%")


@dataclass(frozen=True)
class Threshold:
    """One setting: what it decides, in words, and the unit it is counted in."""

    name: str
    label: Promise
    unit: Promise

    @property
    def value(self) -> str:
        return str(self.unit % {"count": getattr(settings, self.name)})


RETENTION = (
    Threshold("RETENTION_ORDINARY_DAYS", _("Textes d’un dossier ordinaire, une fois clos"), DAYS),
    Threshold("RETENTION_RESTRICTED_DAYS", _("Textes d’un dossier restreint, une fois clos"), DAYS),
    Threshold("RETENTION_CONTACT_DAYS", _("Contact de la personne, une fois le dossier clos"), DAYS),
    Threshold("RETENTION_ENVELOPE_DAYS", _("Traces des messages chez les passerelles"), DAYS),
)
THRESHOLDS = (
    Threshold("RELEASE_THRESHOLD", _("Le plus petit chiffre du coffre qui se publie"), CASES),
    Threshold("SMALL_CELL", _("Le plus petit chiffre ventilé qui se montre"), CASES),
    Threshold(
        "SILENT_BELOW_PERCENT", _("Un groupe est silencieux s’il parle moins que cette part de la médiane"), PERCENT
    ),
    Threshold("COHORT_CUTOFF_DAYS", _("Après la fin du trimestre, une réponse compte encore pendant"), DAYS),
    Threshold("ANSWER_STANDS_HOURS", _("Une réponse envoyée sans échec vaut remise après"), HOURS),
    Threshold("CONVERSATION_JOIN_MINUTES", _("Un nouveau message rejoint le précédent pendant"), MINUTES),
    Threshold("SEALED_PHONE_DAYS", _("Après un dossier scellé, ce téléphone reste scellé pendant"), DAYS),
    Threshold("VAULT_OPEN_MINUTES", _("Le coffre se referme seul après"), MINUTES),
)


@require_safe
@for_roles(*KEEPERS)
def thresholds(request: StaffRequest) -> HttpResponse:
    context = {"retention": RETENTION, "thresholds": THRESHOLDS}
    return render(request, "feedback/staff/thresholds.html", context)
