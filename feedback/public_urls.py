"""Public addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from feedback import public_views as views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("parler/", views.speak, name="speak"),
    path("parler/recu/", views.receipt, name="receipt"),
    path("suivi/", views.follow, name="follow"),
    path("confidentialite/", views.privacy, name="privacy"),
    path("urgence/", views.urgent, name="urgent"),
    path("travailleurs/", views.workers, name="workers"),
]
