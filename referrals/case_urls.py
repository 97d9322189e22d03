"""Addresses of the desk and of one case: pages of what was said and of the organisations it went to."""

from __future__ import annotations

from django.urls import URLPattern, path

from feedback.acts import ACTS
from referrals.views import case, desk

urlpatterns: list[URLPattern] = [
    path("", desk.desk, name="desk"),
    path("<uuid:pk>/", case.case, name="case"),
    path("<uuid:pk>/contact/", case.contact, name="case_contact"),
    path("<uuid:pk>/read/", case.read, name="case_read"),
    *(path(f"<uuid:pk>/{act.name}/", case.act, {"name": act.name}, name=f"case_{act.name}") for act in ACTS),
]
