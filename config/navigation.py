"""What every page shows around its content: the places that this person's roles lead to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from directory.models import User
from directory.roles import HOLDS_KEY, RESTRICTED_ROLES, Role
from feedback.public_languages import is_approved

REFERRING = (Role.FOCAL_POINT, Role.OPERATOR, Role.AGENCY_MANAGER, *RESTRICTED_ROLES.values())


@dataclass(frozen=True)
class Entry:
    """One place of the navigation, and the roles it is shown to (none: everyone signed in)."""

    label: str | Promise
    view: str
    roles: tuple[Role, ...] = ()

    def is_for(self, user: User) -> bool:
        return not self.roles or user.has_role(*self.roles)


ENTRIES = (
    Entry(_("Tri"), "referrals:desk", (Role.OPERATOR, *RESTRICTED_ROLES.values())),
    Entry(_("Pour moi"), "referrals:mine", REFERRING),
    Entry(_("Coffre"), "psea:locked", tuple(HOLDS_KEY)),
    Entry(_("Plan de travail"), "workplan:plan"),
    Entry(_("Tableau de bord"), "workplan:dashboard"),
    Entry(_("Annuaire"), "directory:directory"),
    Entry(_("Journal"), "workplan:journal", (Role.AUDITOR,)),
    Entry(_("Réglages"), "directory:settings", (Role.ADMINISTRATOR, Role.AGENCY_MANAGER, Role.WORKING_GROUP)),
)


# Beside one's own account: pages that one goes to now and then.
ASIDE = (
    Entry(_("Est-ce que ça marche ?"), "feedback:working"),
    Entry(_("Les organisations"), "referrals:agencies", (Role.WORKING_GROUP,)),
    Entry(
        _("Passages sans accord"),
        "referrals:overrides",
        (Role.AGENCY_MANAGER, Role.WORKING_GROUP, *RESTRICTED_ROLES.values()),
    ),
    Entry(_("Charger une enveloppe"), "referrals:exchange_load", (Role.FOCAL_POINT, Role.OPERATOR)),
    Entry(_("Réponses toutes prêtes"), "feedback:ready_answers", (Role.OPERATOR,)),
    Entry(
        _("Documents à imprimer"),
        "feedback:documents",
        (Role.OPERATOR, Role.AGENCY_MANAGER, Role.WORKING_GROUP, Role.ADMINISTRATOR),
    ),
    Entry(_("Mots filtrés"), "feedback:screening", (Role.PSEA_COORDINATOR, Role.PSEA_INTAKE_OFFICER)),
)
SETTINGS_KEEPERS = (Role.WORKING_GROUP, Role.ADMINISTRATOR)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Context of every page (see templates/base_*.html)."""
    context: dict[str, Any] = {"phone_demo_url": reverse("demo:phone")} if settings.DEMO else {}
    return context | {
        "demo": settings.DEMO,
        "training": settings.TRAINING,
        "training_url": _training_url(request),
        "nav": _entries(request),
        "user_menu": _own_pages(request),
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "public_languages": settings.PUBLIC_LANGUAGES,
        "language_is_draft": not is_approved(get_language() or settings.LANGUAGE_CODE),
    }


def _training_url(request: HttpRequest) -> str:
    """Where it says how to leave training, for those who keep the settings."""
    user = getattr(request, "user", None)
    may = settings.TRAINING and isinstance(user, User) and user.has_role(*SETTINGS_KEEPERS)
    return reverse("feedback:training") if may else ""


def _own_pages(request: HttpRequest) -> list[dict[str, Any]]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return []
    own = [
        {"label": _("Mon compte"), "url": reverse("directory:profile")},
        {"label": _("Double authentification"), "url": reverse("mfa_index")},
        {"label": _("Sessions ouvertes"), "url": reverse("usersessions_list")},
    ]
    return own + [{"label": entry.label, "url": reverse(entry.view)} for entry in ASIDE if entry.is_for(user)]


def _entries(request: HttpRequest) -> list[dict[str, Any]]:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return []
    found = []
    for entry in ENTRIES:
        if entry.is_for(user):
            url = reverse(entry.view)
            found.append({"label": entry.label, "url": url, "active": request.path.startswith(url), "count": None})
    return found
