"""Addresses of the vault."""

from __future__ import annotations

from django.urls import path

from psea.views import cases, figures, opening, people

app_name = "psea"
CASE = "cases/<uuid:case_id>"
urlpatterns = [
    path("", opening.locked, name="locked"),
    path("lock/", opening.lock, name="lock"),
    path("key/", opening.enrol, name="enrol"),
    path("key/confirm/", opening.confirm, name="confirm"),
    path("cases/", cases.cases, name="cases"),
    path(f"{CASE}/", cases.case, name="case"),
    path(f"{CASE}/open/", cases.open_, name="open"),
    path(f"{CASE}/recordings/<uuid:message_id>/", cases.recording, name="recording"),
    path(f"{CASE}/pictures/<uuid:message_id>/", cases.picture, name="picture"),
    path(f"{CASE}/facts/", cases.facts, name="facts"),
    path(f"{CASE}/survivors/<uuid:survivor_id>/offers/", cases.add_offer, name="add_offer"),
    path(f"{CASE}/offers/<uuid:offer_id>/<slug:act>/", cases.offer, name="offer"),
    path(f"{CASE}/transmit/", cases.transmit, name="transmit"),
    path(f"{CASE}/outside/", cases.outside, name="outside"),
    path(f"{CASE}/acts/<slug:act>/", cases.act, name="act"),
    path(f"{CASE}/informed/", cases.inform, name="inform"),
    path(f"{CASE}/notes/", cases.note, name="note"),
    path(f"{CASE}/ask/", cases.ask, name="ask"),
    path(f"{CASE}/wishes/<uuid:message_id>/", cases.wish, name="wish"),
    path(f"{CASE}/copy/", cases.copy_held, name="copy_held"),
    path(f"{CASE}/reclassify/", cases.reclassify, name="reclassify"),
    path("figures/", figures.figures, name="figures"),
    path("people/", people.people, name="people"),
    path("people/<int:user_id>/share/", people.share, name="share"),
    path("people/keys/<uuid:key_id>/investigation/", people.investigation, name="investigation"),
    path("people/keys/<uuid:key_id>/retire/", people.retire, name="retire"),
]
