"""Every address of `referrals`, under one namespace: the desk and its cases, the referrals and their acts."""

from __future__ import annotations

from django.urls import include, path

from referrals import case_urls
from referrals.views import endpoints, mine, paper, partners, referral, sending, statistics

app_name = "referrals"
of_referrals = [
    path("", mine.mine, name="mine"),
    path("accepter/", mine.accept_several, name="accept_several"),
    path("chiffres/", statistics.statistics, name="statistics"),
    path("organisations/", statistics.agencies, name="agencies"),
    path("partenaires/", partners.partners, name="partners"),
    path("partenaires/<uuid:pk>/", partners.partner, name="partner"),
    path("new/<uuid:case_id>/", sending.new, name="new"),
    path("<uuid:pk>/", referral.referral, name="referral"),
    path("<uuid:pk>/pas-pour-nous/", sending.refuse, name="refuse"),
    path("<uuid:pk>/plus-loin/", sending.next_hop, name="forward"),
    path("<uuid:pk>/fiche/", paper.paper, name="paper"),
    path("<uuid:pk>/message/", referral.say, name="say"),
    path("<uuid:pk>/effacement/", referral.confirm_erasure, name="confirm_erasure"),
    path("<uuid:pk>/demander-accord/", referral.ask_consent, name="ask_consent"),
    path("<uuid:pk>/accord-retire/", referral.withdraw_consent, name="withdraw_consent"),
    path("<uuid:pk>/<slug:name>/", referral.act, name="act"),
]
of_endpoints = [
    path("", endpoints.endpoints, name="endpoints"),
    path("<uuid:pk>/", endpoints.endpoint, name="endpoint"),
    path("<uuid:pk>/stop/", endpoints.stop, name="endpoint_stop"),
    path("<uuid:pk>/<uuid:delivery_id>/again/", endpoints.again, name="delivery_again"),
]
urlpatterns = [
    path("settings/webhooks/", include(of_endpoints)),
    path("cases/", include(case_urls.urlpatterns)),
    path("referrals/", include(of_referrals)),
]
