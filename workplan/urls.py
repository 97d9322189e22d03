"""Addresses of the tracker, of the dashboard, and of the journal that auditors read."""

from __future__ import annotations

from django.urls import path

from workplan.views import dashboard, evidence, indicator, journal, notes, plan, report, review, silence, verify

app_name = "workplan"
urlpatterns = [
    path("workplan/", plan.plan, name="plan"),
    path("workplan/activities/<int:pk>/", indicator.activity, name="activity"),
    path("workplan/indicators/<int:pk>/", indicator.indicator, name="indicator"),
    path("workplan/indicators/<int:pk>/lineage/", indicator.lineage, name="lineage"),
    path("workplan/report/", report.report, name="report"),
    path("workplan/report/<int:pk>/", report.save_line, name="save_line"),
    path("workplan/report/<int:pk>/places/", report.places, name="report_places"),
    path("workplan/readings/<int:pk>/files/", evidence.join, name="evidence_join"),
    path("workplan/files/<uuid:pk>/", evidence.file, name="evidence"),
    path("workplan/files/<uuid:pk>/remove/", evidence.remove, name="evidence_remove"),
    path("workplan/verify/", verify.queue, name="verify"),
    path("workplan/readings/<int:pk>/judge/", verify.judge, name="judge"),
    path("workplan/readings/<int:pk>/correct/", verify.correct, name="correct"),
    path("workplan/review/", review.review, name="review"),
    path("journal/", journal.journal, name="journal"),
    path("journal/journal.csv", journal.journal_csv, name="journal_csv"),
    path("journal/journal.jsonl", journal.journal_proof, name="journal_proof"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/lineage/", dashboard.lineage, name="figures"),
    path("dashboard/silence/", silence.silent, name="silence"),
    path("dashboard/silence/reference/", silence.reference, name="reference"),
    path("dashboard/silence/reference/file/", silence.reference_file, name="reference_file"),
    path("dashboard/notes/", notes.notes, name="notes"),
    path("dashboard/notes/new/", notes.note_new, name="note_new"),
    path("dashboard/notes/<int:pk>/", notes.note, name="note"),
    path("dashboard/notes/<int:pk>/approve/", notes.note_approve, name="note_approve"),
    path("dashboard/notes/<int:pk>/take-up/", notes.note_take_up, name="note_take_up"),
    path("dashboard/notes/<int:pk>/poster/", notes.note_poster, name="note_poster"),
]
