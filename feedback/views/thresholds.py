"""The thresholds and the retention in force, as whoever runs the platform set them: for reading only."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.day_budget import OVERALL, budget_of, budgets
from core.loop_guard import silenced
from directory.requests import StaffRequest
from feedback.views.roles import for_roles
from feedback.views.texts import KEEPERS

DAYS = ngettext_lazy("%(count)s jour", "%(count)s jours", "count")
HOURS = ngettext_lazy("%(count)s heure", "%(count)s heures", "count")
MINUTES = ngettext_lazy("%(count)s minute", "%(count)s minutes", "count")
SECONDS = ngettext_lazy("%(count)s seconde", "%(count)s secondes", "count")
MESSAGES = ngettext_lazy("%(count)s message", "%(count)s messages", "count")
TIMES = ngettext_lazy("%(count)s fois", "%(count)s fois", "count")
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
    Threshold("QUARANTINE_DAYS", _("Requêtes refusées comme fausses, scellées en quarantaine"), DAYS),
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
    Threshold("REPEAT_WINDOW_SECONDS", _("Les mêmes mots, sans identifiant, sont une répétition pendant"), SECONDS),
    Threshold("PARTS_WAIT_SECONDS", _("Les parties d’un long SMS s’attendent pendant"), SECONDS),
    Threshold("SEALED_PHONE_DAYS", _("Après un dossier scellé, ce téléphone reste scellé pendant"), DAYS),
    Threshold("VAULT_OPEN_MINUTES", _("Le coffre se referme seul après"), MINUTES),
)
SENDING = (
    Threshold("SMS_PER_PERSON_HOUR", _("À un même numéro, en une heure, au plus"), MESSAGES),
    Threshold("SMS_PER_PERSON_DAY", _("À un même numéro, en un jour, au plus"), MESSAGES),
    Threshold("LOOP_GUARD_REPLIES", _("Une machine répond, si elle se répète et réplique de suite"), TIMES),
    Threshold("LOOP_GUARD_REPLY_SECONDS", _("Chaque fois après notre message, en moins de"), SECONDS),
    Threshold("LOOP_GUARD_SILENCE_MINUTES", _("Nous nous taisons alors vers elle pendant"), MINUTES),
    Threshold("SETTLED_ASK_AGAIN_DAYS", _("« Est-ce réglé ? » se redemande, une seule fois, après"), DAYS),
    Threshold("UNREACHABLE_FAILURES", _("Une réponse non remise s’essaie en tout"), TIMES),
    Threshold("UNREACHABLE_DAYS", _("Avant de dire la personne injoignable, sur"), DAYS),
    Threshold("USUAL_DELAY_DAYS", _("Le délai habituel se mesure sur les derniers"), DAYS),
    Threshold("USUAL_DELAY_CASES", _("Il se dit à partir de"), CASES),
)


@require_safe
@for_roles(*KEEPERS)
def thresholds(request: StaffRequest) -> HttpResponse:
    context = {
        "retention": RETENTION,
        "thresholds": THRESHOLDS,
        "sending": SENDING,
        "quiet_hours": settings.QUIET_HOURS,
        "budgets": budgets() or [budget_of(OVERALL)],
        "silenced": silenced(timezone.now()),
    }
    return render(request, "feedback/staff/thresholds.html", context)
