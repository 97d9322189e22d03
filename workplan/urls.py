"""Addresses of the tracker and of the dashboard."""

from __future__ import annotations

from django.urls import path

from workplan.views import dashboard, indicator, plan, report, review, verify

app_name = "workplan"
urlpatterns = [
    path("workplan/", plan.plan, name="plan"),
    path("workplan/activities/<int:pk>/", indicator.activity, name="activity"),
    path("workplan/indicators/<int:pk>/", indicator.indicator, name="indicator"),
    path("workplan/indicators/<int:pk>/lineage/", indicator.lineage, name="lineage"),
    path("workplan/report/", report.report, name="report"),
    path("workplan/report/<int:pk>/", report.save_line, name="save_line"),
    path("workplan/verify/", verify.queue, name="verify"),
    path("workplan/readings/<int:pk>/judge/", verify.judge, name="judge"),
    path("workplan/readings/<int:pk>/correct/", verify.correct, name="correct"),
    path("workplan/review/", review.review, name="review"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/lineage/", dashboard.lineage, name="figures"),
]
