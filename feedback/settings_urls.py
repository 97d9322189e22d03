"""Addresses of the settings of feedback."""

from __future__ import annotations

from django.urls import URLPattern, path

from feedback.views import lines, quarantine, texts, thresholds

urlpatterns: list[URLPattern] = [
    path("categories/", texts.categories, name="categories"),
    path("categories/<str:code>/", texts.category, name="category"),
    path("deadlines/", texts.deadlines, name="deadlines"),
    path("deadlines/new/", texts.deadline, name="deadline_new"),
    path("deadlines/<int:pk>/", texts.deadline, name="deadline"),
    path("ready-answers/", texts.ready_answers, name="ready_answers"),
    path("ready-answers/new/", texts.ready_answer, name="ready_answer_new"),
    path("ready-answers/<int:pk>/", texts.ready_answer, name="ready_answer"),
    path("texts/", texts.texts, name="texts"),
    path("lines/", lines.lines, name="lines"),
    path("lines/new/<slug:kind>/", lines.line_new, name="line_new"),
    path("lines/<slug:name>/", lines.line, name="line"),
    path("lines/<slug:name>/test/", lines.line_test, name="line_test"),
    path("lines/<slug:name>/start/", lines.line_act, {"act": "start"}, name="line_start"),
    path("lines/<slug:name>/stop/", lines.line_act, {"act": "stop"}, name="line_stop"),
    path("lines/<slug:name>/default/", lines.line_act, {"act": "default"}, name="line_default"),
    path("quarantine/", quarantine.quarantined, name="quarantine"),
    path("quarantine/<slug:name>/verify/", quarantine.verify, name="quarantine_verify"),
    path("thresholds/", thresholds.thresholds, name="thresholds"),
]
