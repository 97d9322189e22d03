"""Every address of `feedback`, under one namespace: public pages, gateways, the operator's desk, settings."""

from __future__ import annotations

from django.urls import include, path

from feedback import public_urls, settings_urls, staff_urls, vault_urls, webhook_urls

app_name = "feedback"
urlpatterns = [
    path("", include(public_urls.urlpatterns)),
    path("sms/", include(webhook_urls.urlpatterns)),
    path("cases/", include(staff_urls.urlpatterns)),
    path("vault/", include(vault_urls.urlpatterns)),
    path("settings/", include(settings_urls.urlpatterns)),
]
