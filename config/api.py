"""The API router: what partners' systems can do, its description, and the pages that show it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.defaults import server_error
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from core.even_answers import at_even_moments
from directory import api as directory
from directory import api_checkpoints as checkpoints
from directory.api_door import Unknown
from directory.api_problems import broken
from directory.views.oauth import TokenDoor
from feedback import api as feedback
from feedback import api_ingest as ingest
from referrals import api as referrals
from referrals import api_files
from referrals.api_acts import ACTS
from referrals.api_exchange import Exchange
from workplan import api as workplan
from workplan import api_dashboard, api_registers

V1 = "v1/"

urlpatterns = [
    path(f"{V1}schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api_schema", template_name="api/docs.html"),
        name="api_docs",
    ),
    path(f"{V1}cases/", at_even_moments(feedback.Cases.as_view()), name="api_cases"),
    path(f"{V1}cases/<uuid:pk>/", feedback.CaseDetail.as_view(), name="api_case"),
    path(f"{V1}feedback/", at_even_moments(ingest.CollectedCases.as_view()), name="api_feedback"),
    path(f"{V1}feedback/figures/", ingest.CollectedFigures.as_view(), name="api_feedback_figures"),
    path(f"{V1}referrals/", referrals.Referrals.as_view(), name="api_referrals"),
    path(f"{V1}referrals/<uuid:pk>/", referrals.ReferralDetail.as_view(), name="api_referral"),
    path(f"{V1}referrals/<uuid:pk>/forward/", referrals.Forward.as_view(), name="api_forward"),
    path(f"{V1}referrals/<uuid:pk>/attachments/", api_files.Attachments.as_view(), name="api_attachments"),
    path(f"{V1}referrals/<uuid:pk>/attachments/<uuid:file>/", api_files.Attachment.as_view(), name="api_attachment"),
    *(path(f"{V1}referrals/<uuid:pk>/{act}/", view.as_view(), name=f"api_{act}") for act, view in ACTS.items()),
    path(f"{V1}exchange/<uuid:pk>/", Exchange.as_view(), name="api_exchange"),
    path(f"{V1}organisations/", directory.Organisations.as_view(), name="api_organisations"),
    path(f"{V1}services/", directory.Services.as_view(), name="api_services"),
    path(f"{V1}services/<int:pk>/", directory.ServiceDetail.as_view(), name="api_service"),
    path(f"{V1}services/<int:pk>/confirm/", directory.ServiceConfirm.as_view(), name="api_service_confirm"),
    path(f"{V1}checkpoints/", checkpoints.Checkpoints.as_view(), name="api_checkpoints"),
    path(f"{V1}oauth/token/", TokenDoor.as_view(), name="api_token"),
    path(f"{V1}workplan/dashboard/", api_dashboard.Dashboard.as_view(), name="api_dashboard"),
    path(f"{V1}workplan/plans/", workplan.Plans.as_view(), name="api_plans"),
    path(f"{V1}workplan/plans/<slug:code>/", workplan.PlanDetail.as_view(), name="api_plan"),
    path(f"{V1}workplan/plans/<slug:code>/registers/<slug:kind>/", api_registers.Entries.as_view(), name="api_entries"),
    path(f"{V1}workplan/indicators/<int:pk>/", workplan.IndicatorFigures.as_view(), name="api_figures"),
    re_path(rf"^{V1}", Unknown.as_view(schema=None), name="api_unknown"),
]


def broken_page(request: HttpRequest) -> HttpResponse:
    """An accident of ours: a page for people, a problem for programs."""
    return broken(request) if request.path.startswith("/api/v1/") else server_error(request)
