"""Addresses of the settings of feedback."""

from __future__ import annotations

from django.urls import URLPattern, path

from feedback.views import (
    documents,
    lines,
    quarantine,
    ready_answers,
    screening,
    sms_texts,
    texts,
    thresholds,
    training,
    working,
)

urlpatterns: list[URLPattern] = [
    path("etat/", working.working, name="working"),
    path("categories/", texts.categories, name="categories"),
    path("categories/<str:code>/", texts.category, name="category"),
    path("deadlines/", texts.deadlines, name="deadlines"),
    path("deadlines/new/", texts.deadline, name="deadline_new"),
    path("deadlines/<int:pk>/", texts.deadline, name="deadline"),
    path("ready-answers/", ready_answers.ready_answers, name="ready_answers"),
    path("ready-answers/new/", ready_answers.ready_answer, name="ready_answer_new"),
    path("ready-answers/<int:pk>/", ready_answers.ready_answer, name="ready_answer"),
    path("ready-answers/<int:pk>/variant/", ready_answers.ready_answer_variant, name="ready_answer_variant"),
    path("ready-answers/<int:pk>/archive/", ready_answers.ready_answer_act, {"act": "archive"}, "ready_answer_archive"),
    path("ready-answers/<int:pk>/restore/", ready_answers.ready_answer_act, {"act": "restore"}, "ready_answer_restore"),
    path("texts/", sms_texts.texts, name="texts"),
    path("texts/lines/", sms_texts.line_writing, name="line_writing"),
    path("texts/<slug:language>/<slug:name>/", sms_texts.text, name="text"),
    path("texts/<slug:language>/<slug:name>/approve/", sms_texts.text_approve, name="text_approve"),
    path("texts/<slug:language>/<slug:name>/restore/", sms_texts.text_restore, name="text_restore"),
    path("lines/", lines.lines, name="lines"),
    path("lines/new/<slug:kind>/", lines.line_new, name="line_new"),
    path("lines/<slug:name>/", lines.line, name="line"),
    path("lines/<slug:name>/test/", lines.line_test, name="line_test"),
    path("lines/<slug:name>/start/", lines.line_act, {"act": "start"}, name="line_start"),
    path("lines/<slug:name>/stop/", lines.line_act, {"act": "stop"}, name="line_stop"),
    path("lines/<slug:name>/default/", lines.line_act, {"act": "default"}, name="line_default"),
    path("quarantine/", quarantine.quarantined, name="quarantine"),
    path("documents/", documents.documents, name="documents"),
    path("documents/card/<slug:role>/", documents.role_card, name="document_card"),
    path("documents/script/", documents.script, name="document_script"),
    path("documents/poster/", documents.poster, name="document_poster"),
    path("documents/services/", documents.services, name="document_services"),
    path("documents/radio/", documents.radio, name="document_radio"),
    path("training/", training.training, name="training"),
    path("quarantine/<slug:name>/verify/", quarantine.verify, name="quarantine_verify"),
    path("screening/", screening.screening, name="screening"),
    path("screening/change/", screening.screening_change, name="screening_change"),
    path("screening/<slug:language>/", screening.screening_language, name="screening_language"),
    path("thresholds/", thresholds.thresholds, name="thresholds"),
]
