"""The URL table: every address there is. Which are public is said beside the views and in the settings."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from config.metrics import metrics
from core.health import alive, ready
from core.views import components

handler500 = "config.api.broken_page"

urlpatterns = [
    path("healthz", alive, name="healthz"),
    path("readyz", ready, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("feedback.urls")),
    path("", include("referrals.urls")),
    path("vault/", include("psea.urls")),
    path("", include("workplan.urls")),
    path("", include("directory.urls")),
    path("compte/", include("allauth.account.urls")),
    path("compte/mfa/", include("allauth.mfa.urls")),
    path("compte/sessions/", include("allauth.usersessions.urls")),
    path("api/", include("config.api")),
]

if settings.DEBUG or settings.DEMO or settings.TESTING:
    urlpatterns += [path("composants/", components, name="components")]
if "demo" in settings.INSTALLED_APPS:
    urlpatterns += [path("demo/", include("demo.urls"))]
