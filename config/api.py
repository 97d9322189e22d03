"""The API router: what partners' systems can do, its description, and the pages that show it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.defaults import server_error
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from directory.api_door import Unknown
from directory.api_problems import broken
from feedback.api import Cases
from referrals import api as referrals
from workplan import api as workplan

V1 = "v1/"

urlpatterns = [
    path(f"{V1}schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api_schema", template_name="api/docs.html"),
        name="api_docs",
    ),
    path(f"{V1}cases/", Cases.as_view(), name="api_cases"),
    path(f"{V1}referrals/", referrals.ReferralList.as_view(), name="api_referrals"),
    path(f"{V1}referrals/<uuid:pk>/", referrals.ReferralDetail.as_view(), name="api_referral"),
    path(f"{V1}referrals/<uuid:pk>/accept/", referrals.Accept.as_view(), name="api_accept"),
    path(f"{V1}referrals/<uuid:pk>/refuse/", referrals.Refuse.as_view(), name="api_refuse"),
    path(f"{V1}referrals/<uuid:pk>/ask/", referrals.Ask.as_view(), name="api_ask"),
    path(f"{V1}referrals/<uuid:pk>/answer/", referrals.Answer.as_view(), name="api_answer"),
    path(f"{V1}referrals/<uuid:pk>/start/", referrals.Start.as_view(), name="api_start"),
    path(f"{V1}workplan/plans/", workplan.Plans.as_view(), name="api_plans"),
    path(f"{V1}workplan/plans/<slug:code>/", workplan.PlanDetail.as_view(), name="api_plan"),
    path(f"{V1}workplan/indicators/<int:pk>/", workplan.IndicatorFigures.as_view(), name="api_figures"),
    re_path(rf"^{V1}", Unknown.as_view(schema=None), name="api_unknown"),
]


def broken_page(request: HttpRequest) -> HttpResponse:
    """An accident of ours: a page for people, a problem for programs."""
    return broken(request) if request.path.startswith("/api/v1/") else server_error(request)
