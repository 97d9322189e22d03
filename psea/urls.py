"""Addresses of the vault."""

from __future__ import annotations

from datetime import date

from django.urls import path, register_converter

from psea.views import (
    calls,
    cases,
    copying,
    drafts,
    duty,
    enrolment,
    figures,
    following,
    handing,
    opening,
    people,
    recovery,
)


class DayConverter:
    """A day as ISO 8601 writes it."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")
app_name = "psea"
CASE = "cases/<uuid:case_id>"
urlpatterns = [
    path("", opening.locked, name="locked"),
    path("lock/", opening.lock, name="lock"),
    path("code/", opening.by_code, name="by_code"),
    path("key/", enrolment.enrol, name="enrol"),
    path("key/confirm/", enrolment.confirm, name="confirm"),
    path("key/new/", enrolment.renew, name="renew"),
    path("key/new/confirm/", enrolment.renew_confirm, name="renew_confirm"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("drafts/<uuid:draft_id>/drop/", drafts.drop, name="drop_draft"),
    path("recovery/", recovery.recoveries, name="recoveries"),
    path("recovery/key/", recovery.make_key, name="make_recovery_key"),
    path("recovery/<uuid:recovery_id>/half/", recovery.half, name="recovery_half"),
    path("recovery/<uuid:recovery_id>/complete/", recovery.complete, name="recovery_complete"),
    path("recovery/<uuid:recovery_id>/refuse/", recovery.refuse, name="recovery_refuse"),
    path("cases/", cases.cases, name="cases"),
    path(f"{CASE}/", cases.case, name="case"),
    path(f"{CASE}/open/", cases.open_, name="open"),
    path(f"{CASE}/recordings/<uuid:message_id>/", cases.recording, name="recording"),
    path(f"{CASE}/pictures/<uuid:message_id>/", cases.picture, name="picture"),
    path(f"{CASE}/facts/", cases.facts, name="facts"),
    path(f"{CASE}/statistics/", cases.statistics, name="statistics"),
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
    path(f"{CASE}/copy/paper/", following.copy_stated, name="copy_stated"),
    path(f"{CASE}/copy/paper/confirm/", following.copy_confirmed, name="copy_confirmed"),
    path(f"{CASE}/reclassify/", cases.reclassify, name="reclassify"),
    path(f"{CASE}/calls/", calls.calls, name="calls"),
    path(f"{CASE}/chase/", following.chase, name="chase"),
    path(f"{CASE}/implicated/", following.implicated, name="implicated"),
    path(f"{CASE}/hold/", following.hold, name="hold"),
    path(f"{CASE}/hold/<slug:act>/", following.hold_act, name="hold_act"),
    path(f"{CASE}/conflict/<slug:act>/", following.conflict, name="conflict"),
    path(f"{CASE}/slip/", following.slip, name="slip"),
    path(f"{CASE}/copies/", copying.copy, name="hand_copy"),
    path(f"{CASE}/copies/<slug:mark>/destroyed/", copying.destroyed, name="copy_destroyed"),
    path("handed/", handing.handed, name="handed"),
    path("duty/", duty.rota, name="rota"),
    path("duty/weeks/<day:monday>/", duty.week, name="duty_week"),
    path("duty/weeks/<day:monday>/swap/", duty.ask_swap, name="duty_swap"),
    path("duty/swaps/<int:swap_id>/", duty.answer_swap, name="duty_swap_answer"),
    path("duty/officers/<int:user_id>/", duty.officer, name="duty_officer"),
    path("figures/", figures.figures, name="figures"),
    path("people/", people.people, name="people"),
    path("people/<int:user_id>/share/", people.share, name="share"),
    path("people/keys/<uuid:key_id>/approve/", people.approve, name="approve"),
    path("people/keys/<uuid:key_id>/retire/", people.retire, name="retire"),
]
