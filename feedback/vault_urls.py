"""Addresses of `feedback` under the vault's path, where the browser shows its half of the open vault."""

from __future__ import annotations

from django.urls import URLPattern, path

from feedback.views import release

urlpatterns: list[URLPattern] = [path("cases/<uuid:case_id>/release/", release.release, name="release")]
