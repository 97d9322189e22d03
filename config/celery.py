"""The Celery app. No result backend: the database row says what remains, not the queue."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("jaabi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
