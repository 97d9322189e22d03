"""Addresses that gateways call."""

from __future__ import annotations

from django.urls import URLPattern, path

from feedback import webhooks

urlpatterns: list[URLPattern] = [
    path("<slug:name>/", webhooks.inbound, name="sms_inbound"),
    path("<slug:name>/status/", webhooks.status, name="sms_status"),
]
