"""Addresses of the tracker, of the dashboard, and of the journal that auditors read."""

from __future__ import annotations

from django.urls import path

from workplan.views import (
    bindings,
    closings,
    counted,
    dashboard,
    evidence,
    exports,
    gantt,
    indicator,
    journal,
    notes,
    offline,
    plan,
    plan_files,
    plan_words,
    public,
    register_files,
    registers,
    report,
    reports,
    review,
    saisines,
    signals,
    silence,
    standing,
    verify,
)

app_name = "workplan"
urlpatterns = [
    path("workplan/", plan.plan, name="plan"),
    path("plan/<str:code>/", public.plan, name="public_plan"),
    path("workplan/public/", public.switch, name="public_switch"),
    path("workplan/public/preview/", public.preview, name="public_preview"),
    path("workplan/gantt/", gantt.gantt, name="gantt"),
    path("workplan/plans/new/", plan_files.upload, name="plan_upload"),
    path("workplan/plan-files/<uuid:pk>/", plan_files.plan_file, name="plan_file"),
    path("workplan/plan.pdf", plan.plan_pdf, name="plan_pdf"),
    *(
        path(f"workplan/plan.{form}", plan_files.plan_as_file, {"form": form}, name=f"plan_{form}")
        for form in ("docx", "xlsx", "csv", "yaml")
    ),
    *(
        path(f"workplan/values.{form}", exports.values, {"form": form}, name=f"values_{form}")
        for form in ("csv", "xlsx")
    ),
    path("workplan/changes/", plan_words.changes, name="plan_changes"),
    path("workplan/doubts/", plan_words.doubts, name="doubts"),
    path("workplan/elements/<slug:kind>/<int:pk>/", plan_words.element, name="element"),
    path("workplan/elements/<slug:kind>/<int:pk>/change/", plan_words.element_change, name="element_change"),
    path("workplan/activities/<int:pk>/", indicator.activity, name="activity"),
    path("workplan/indicators/<int:pk>/", indicator.indicator, name="indicator"),
    path("workplan/indicators/<int:pk>/lineage/", indicator.lineage, name="lineage"),
    path("workplan/indicators/<int:pk>/measure/", bindings.measured_by, name="measured_by"),
    path("workplan/activities/<int:pk>/status/", standing.say_status, name="activity_status"),
    path("workplan/indicators/<int:pk>/consolidation/", standing.consolidate, name="consolidate"),
    path("workplan/closings/", closings.closings, name="closings"),
    path("workplan/closings/new/", closings.close, name="closing_new"),
    path("workplan/closings/<int:pk>/", closings.minutes, name="closing"),
    path("workplan/closings/<int:pk>/reopen/", closings.reopen, name="closing_reopen"),
    path("workplan/indicators/<int:pk>/entries/", counted.entries, name="entries"),
    path("workplan/indicators/<int:pk>/register/", counted.use_register, name="use_register"),
    path("workplan/report/<int:pk>/register/", counted.report_register, name="report_register"),
    path("workplan/registers/", registers.registers, name="registers"),
    path("workplan/registers/<slug:kind>/", registers.register, name="register"),
    path("workplan/registers/<slug:kind>/registre.csv", registers.register_csv, name="register_csv"),
    path("workplan/registers/<slug:kind>/new/", registers.entry_new, name="entry_new"),
    path("workplan/registers/<slug:kind>/table/", register_files.table, name="register_table"),
    path("workplan/registers/<slug:kind>/modele.csv", register_files.table_template, name="register_template"),
    path("workplan/register-files/<uuid:pk>/", register_files.register_file, name="register_file"),
    path("workplan/entries/<uuid:pk>/", registers.entry, name="entry"),
    path("workplan/entries/<uuid:pk>/change/", registers.entry_change, name="entry_change"),
    path("workplan/entries/<uuid:pk>/strike/", registers.entry_strike, name="entry_strike"),
    path("workplan/entries/<uuid:pk>/file/", registers.entry_file, name="entry_file"),
    path("workplan/saisines/", saisines.proposals, name="proposals"),
    path("workplan/saisines/factors/", saisines.factors, name="factors"),
    path("workplan/saisines/factors/<int:pk>/end/", saisines.factor_end, name="factor_end"),
    path("workplan/saisines/set-aside/", saisines.set_aside, name="set_aside"),
    path("workplan/mapping/", counted.mapping, name="mapping"),
    path("workplan/report/", report.report, name="report"),
    path("workplan/report/offline/", offline.offline, name="offline"),
    path("workplan/report/offline/rapport.xlsx", offline.offline_sheet, name="offline_sheet"),
    path("workplan/report/<int:pk>/", report.save_line, name="save_line"),
    path("workplan/report/<int:pk>/places/", report.places, name="report_places"),
    path("workplan/readings/<int:pk>/files/", evidence.join, name="evidence_join"),
    path("workplan/files/<uuid:pk>/", evidence.file, name="evidence"),
    path("workplan/files/<uuid:pk>/remove/", evidence.remove, name="evidence_remove"),
    path("workplan/verify/", verify.queue, name="verify"),
    path("workplan/readings/<int:pk>/judge/", verify.judge, name="judge"),
    path("workplan/readings/<int:pk>/correct/", verify.correct, name="correct"),
    path("workplan/asked/", reports.ask, name="asked"),
    *(
        path(f"workplan/{address}{tail}", reports.sheet, {"what": what, "form": form}, name=f"{what}{name}")
        for what, address in (("report", "quarter"), ("one_page", "one-page"))
        for form, tail, name in (("", "/", "_page"), ("pdf", ".pdf", "_pdf"), ("docx", ".docx", "_docx"))
    ),
    path("workplan/review/", review.review, name="review"),
    path("journal/", journal.journal, name="journal"),
    path("journal/journal.csv", journal.journal_csv, name="journal_csv"),
    path("journal/journal.jsonl", journal.journal_proof, name="journal_proof"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    *(
        path(f"dashboard/figures.{form}", exports.figures, {"form": form}, name=f"figures_{form}")
        for form in ("csv", "xlsx")
    ),
    path("dashboard/lineage/", dashboard.lineage, name="figures"),
    path("dashboard/signals/", signals.signals, name="signals"),
    path("dashboard/silence/", silence.silent, name="silence"),
    path("dashboard/silence/reference/", silence.reference, name="reference"),
    path("dashboard/silence/reference/file/", silence.reference_file, name="reference_file"),
    path("dashboard/silence/reference/<slug:part>/", silence.reference_shares, name="reference_shares"),
    path("dashboard/notes/", notes.notes, name="notes"),
    path("dashboard/notes/new/", notes.note_new, name="note_new"),
    path("dashboard/notes/<int:pk>/", notes.note, name="note"),
    path("dashboard/notes/<int:pk>/approve/", notes.note_approve, name="note_approve"),
    path("dashboard/notes/<int:pk>/take-up/", notes.note_take_up, name="note_take_up"),
    path("dashboard/notes/<int:pk>/poster/", notes.note_poster, name="note_poster"),
]
