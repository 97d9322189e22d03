"""Every address of `referrals`, under one namespace: the desk and its cases, the referrals and their acts."""

from __future__ import annotations

from django.urls import include, path

from referrals import case_urls
from referrals.views import (
    endpoints,
    exchange,
    files,
    mine,
    notes,
    overrides,
    paper,
    partners,
    peers,
    referral,
    saved_filters,
    sending,
    sheet,
    statistics,
)

app_name = "referrals"
of_referrals = [
    path("", mine.mine, name="mine"),
    path("accepter/", mine.accept_several, name="accept_several"),
    path("confier/", mine.assign_several, name="assign_several"),
    path("filtres/", saved_filters.filters, name="filters"),
    path("filtres/<uuid:pk>/", saved_filters.change, name="filter"),
    path("sans-accord/", overrides.overrides, name="overrides"),
    path("sans-accord/<int:pk>/", overrides.review, name="override_review"),
    path("chiffres/", statistics.statistics, name="statistics"),
    path("organisations/", statistics.agencies, name="agencies"),
    path("echange/", exchange.load, name="exchange_load"),
    path("partenaires/", partners.partners, name="partners"),
    path("partenaires/<uuid:pk>/", partners.partner, name="partner"),
    path("new/<uuid:case_id>/", sending.new, name="new"),
    path("<uuid:pk>/", referral.referral, name="referral"),
    path("<uuid:pk>/pas-pour-nous/", sending.refuse, name="refuse"),
    path("<uuid:pk>/plus-loin/", sending.next_hop, name="forward"),
    path("<uuid:pk>/fiche/", paper.paper, name="paper"),
    path("<uuid:pk>/echange/<uuid:envelope_id>/", exchange.envelope, name="envelope"),
    path("<uuid:pk>/message/", referral.say, name="say"),
    path("<uuid:pk>/note/", notes.note, name="note"),
    path("<uuid:pk>/note/<uuid:note>/retirer/", notes.take_back, name="note_take_back"),
    path("<uuid:pk>/note/<uuid:note>/rayer/", notes.strike, name="note_strike"),
    path("<uuid:pk>/fichiers/", files.attach, name="attach"),
    path("<uuid:pk>/fichiers/<uuid:file>/", files.file, name="file"),
    path("<uuid:pk>/fichiers/<uuid:file>/retirer/", files.remove, name="file_remove"),
    path("<uuid:pk>/proteger/", referral.protect, name="protect"),
    path("<uuid:pk>/effacement/", referral.confirm_erasure, name="confirm_erasure"),
    path("<uuid:pk>/demander-accord/", referral.ask_consent, name="ask_consent"),
    path("<uuid:pk>/accord-retire/", referral.withdraw_consent, name="withdraw_consent"),
    path("<uuid:pk>/<slug:name>/", referral.act, name="act"),
]
of_sheets = [
    path("<uuid:pk>/fiche/autre/", sheet.renew, name="sheet_renew"),
    path("<uuid:pk>/fiche/<uuid:reply_id>/take/", sheet.take, name="sheet_take"),
    path("<uuid:pk>/fiche/<uuid:reply_id>/aside/", sheet.aside, name="sheet_aside"),
]
of_endpoints = [
    path("", endpoints.endpoints, name="endpoints"),
    path("<uuid:pk>/", endpoints.endpoint, name="endpoint"),
    path("<uuid:pk>/stop/", endpoints.stop, name="endpoint_stop"),
    path("<uuid:pk>/<uuid:delivery_id>/again/", endpoints.again, name="delivery_again"),
]
of_peers = [
    path("", peers.peers, name="peers"),
    path("<uuid:pk>/", peers.peer, name="peer"),
    path("<uuid:pk>/change/", peers.change, name="peer_change"),
    path("<uuid:pk>/secret/", peers.secret, name="peer_secret"),
    path("<uuid:pk>/renew/", peers.renew, name="peer_renew"),
    path("<uuid:pk>/forget/<int:row_id>/", peers.forget, name="peer_forget"),
    path("<uuid:pk>/stop/", peers.stop, name="peer_stop"),
    path("<uuid:pk>/<uuid:envelope_id>/again/", peers.again, name="envelope_again"),
]
urlpatterns = [
    path("settings/exchange/", include(of_peers)),
    path("settings/webhooks/", include(of_endpoints)),
    path("cases/", include(case_urls.urlpatterns)),
    path("referrals/", include(of_sheets)),
    path("referrals/", include(of_referrals)),
    path("fiche/<slug:token>/", sheet.sheet, name="sheet"),
]
