"""What Django itself can do: no middleware, one view that inserts one row through the ORM. Served beside ours."""

from __future__ import annotations

import environ
from django.apps import AppConfig, apps
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


class BareConfig(AppConfig):
    name = "bench"


settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="none is needed",  # noqa: S106  nothing is signed here
    INSTALLED_APPS=[f"{__name__}.BareConfig"],
    MIDDLEWARE=[],
    USE_TZ=True,
    DATABASES={"default": environ.Env().db("BENCH_DATABASE_URL") | {"CONN_MAX_AGE": None}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
apps.populate(settings.INSTALLED_APPS)


class Row(models.Model):
    provider_id = models.CharField(max_length=120, unique=True)
    sender = models.CharField(max_length=30)
    body = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        app_label = "bench"
        db_table = "bare_row"

    def __str__(self) -> str:
        return self.provider_id


def insert(request: HttpRequest) -> HttpResponse:
    said = request.POST
    Row._default_manager.create(
        provider_id=said["MessageSid"], sender=said["From"], body=said["Body"], received_at=timezone.now()
    )
    return HttpResponse(ANSWER, content_type="text/xml; charset=utf-8")


def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("sms/twilio/", insert), path("healthz", alive)]
application = get_wsgi_application()
