"""Addresses of the listening team’s entries. The desk and the page of a case stand in `referrals`, with the chain."""

from __future__ import annotations

from django.urls import URLPattern, path

from feedback.views import data_requests, entry, flagged, recordings

urlpatterns: list[URLPattern] = [
    path("new/", entry.enter, name="enter"),
    path("new/delicate/", entry.enter_delicate, name="enter_delicate"),
    path("flagged/", flagged.flagged, name="flagged"),
    path("requests/", data_requests.data_requests, name="data_requests"),
    path("requests/<uuid:pk>/", data_requests.data_request, name="data_request"),
    path("<uuid:pk>/recordings/<uuid:message>/", recordings.recording, name="recording"),
    path("<uuid:pk>/pictures/<uuid:message>/", recordings.picture, name="picture"),
    path("<uuid:pk>/recordings/<uuid:message>/erase/", recordings.erase, name="recording_erase"),
]
