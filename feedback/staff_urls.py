"""Addresses of the listening team’s entries. The desk and the page of a case stand in `referrals`, with the chain."""

from __future__ import annotations

from django.urls import URLPattern, path

from feedback.views import data_requests, entry, flagged, paper, recordings, sheets, sources, split

urlpatterns: list[URLPattern] = [
    path("new/", entry.enter, name="enter"),
    path("new/delicate/", entry.enter_delicate, name="enter_delicate"),
    path("new/alike/", entry.like_this, name="alike"),
    path("drafts/", entry.drafts, name="drafts"),
    path("drafts/<uuid:pk>/delete/", entry.draft_delete, name="draft_delete"),
    path("paper/", paper.paper_form, name="paper"),
    path("booklets/", paper.booklets, name="booklets"),
    path("register/", paper.register, name="register"),
    path("sheets/", sheets.upload, name="sheets"),
    path("sheets/<uuid:pk>/", sheets.sheet, name="sheet"),
    path("sources/", sources.sources, name="sources"),
    path("sources/files/<uuid:pk>/", sources.source_file, name="source_file"),
    path("sources/files/<uuid:pk>/lines.csv", sources.source_lines, name="source_lines"),
    path("sources/template/<slug:kind>.csv", sources.source_template, name="source_template"),
    path("sources/<int:organisation_pk>/words/", sources.source_words, name="source_words"),
    path("flagged/", flagged.flagged, name="flagged"),
    path("<uuid:pk>/request/", data_requests.note_request, name="note_request"),
    path("<uuid:pk>/split/", split.split, name="split"),
    path("requests/", data_requests.data_requests, name="data_requests"),
    path("requests/<uuid:pk>/", data_requests.data_request, name="data_request"),
    path("<uuid:pk>/recordings/<uuid:message>/", recordings.recording, name="recording"),
    path("<uuid:pk>/pictures/<uuid:message>/", recordings.picture, name="picture"),
    path("<uuid:pk>/recordings/<uuid:message>/erase/", recordings.erase, name="recording_erase"),
]
