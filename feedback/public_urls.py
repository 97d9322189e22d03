"""Public addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from feedback.views.public import following, home, offline, speaking

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("parler/", speaking.speak, name="speak"),
    path("parler/recu/", speaking.receipt, name="receipt"),
    path("parler/hors-ligne/", offline.offline, name="offline"),
    path("parler/hors-ligne.js", offline.worker, name="offline_worker"),
    path("suivi/", following.follow, name="follow"),
    path("confidentialite/", home.privacy, name="privacy"),
    path("urgence/", home.urgent, name="urgent"),
    path("travailleurs/", speaking.workers, name="workers"),
]
