"""The two tracks of DESIGN §3, edge by edge."""

from __future__ import annotations

from typing import Any

import pytest

from psea.models import AssistanceOffer, SealedCase

ACCOUNTABILITY = {
    ("received", "transmit", "transmitted"),
    ("not_ours", "transmit", "transmitted"),
    ("reopened", "transmit", "transmitted"),
    ("received", "reach_outside", "entity_outside"),
    ("not_ours", "reach_outside", "entity_outside"),
    ("reopened", "reach_outside", "entity_outside"),
    ("transmitted", "acknowledge", "acknowledged"),
    ("entity_outside", "acknowledge", "acknowledged"),
    ("acknowledged", "assess", "preliminary_assessment"),
    ("preliminary_assessment", "investigate", "investigation"),
    ("investigation", "substantiate", "substantiated"),
    ("investigation", "not_substantiate", "unsubstantiated"),
    ("investigation", "lack_information", "insufficient_information"),
    ("preliminary_assessment", "lack_information", "insufficient_information"),
    ("investigation", "not_investigate", "no_investigation"),
    ("preliminary_assessment", "not_investigate", "no_investigation"),
    ("investigation", "close_otherwise", "closed_other"),
    ("preliminary_assessment", "close_otherwise", "closed_other"),
    ("transmitted", "not_ours", "not_ours"),
    ("entity_outside", "not_ours", "not_ours"),
    ("acknowledged", "not_ours", "not_ours"),
    ("received", "reclassify", "reclassified"),
    ("not_ours", "reclassify", "reclassified"),
    ("reopened", "reclassify", "reclassified"),
    ("substantiated", "reopen", "reopened"),
    ("unsubstantiated", "reopen", "reopened"),
    ("insufficient_information", "reopen", "reopened"),
    ("no_investigation", "reopen", "reopened"),
    ("closed_other", "reopen", "reopened"),
}
ASSISTANCE = {
    ("to_offer", "offer", "offered"),
    ("declined", "offer", "offered"),
    ("deferred", "offer", "offered"),
    ("withdrawn", "offer", "offered"),
    ("unreachable", "offer", "offered"),
    ("unsafe_to_contact", "offer", "offered"),
    ("offered", "accept", "accepted"),
    ("deferred", "accept", "accepted"),
    ("offered", "decline", "declined"),
    ("deferred", "decline", "declined"),
    ("offered", "defer", "deferred"),
    ("accepted", "refer", "referred"),
    ("service_failed", "refer", "referred"),
    ("referred", "confirm_service", "service_confirmed"),
    ("referred", "fail_service", "service_failed"),
    ("offered", "withdraw", "withdrawn"),
    ("deferred", "withdraw", "withdrawn"),
    ("accepted", "withdraw", "withdrawn"),
    ("referred", "withdraw", "withdrawn"),
    ("to_offer", "mark_unreachable", "unreachable"),
    ("offered", "mark_unreachable", "unreachable"),
    ("deferred", "mark_unreachable", "unreachable"),
    ("accepted", "mark_unreachable", "unreachable"),
    ("to_offer", "mark_unsafe", "unsafe_to_contact"),
    ("offered", "mark_unsafe", "unsafe_to_contact"),
    ("deferred", "mark_unsafe", "unsafe_to_contact"),
    ("accepted", "mark_unsafe", "unsafe_to_contact"),
}


@pytest.mark.parametrize(("model", "table"), [(SealedCase, ACCOUNTABILITY), (AssistanceOffer, ASSISTANCE)])
def test_the_state_machine_has_exactly_these_edges(model: Any, table: set[tuple[str, str, str]]) -> None:
    edges = {(str(edge.source), edge.name, str(edge.target)) for edge in model().get_all_state_transitions()}

    assert edges == table


@pytest.mark.parametrize("model", [SealedCase, AssistanceOffer])
def test_a_state_cannot_be_set_past_its_machine(model: Any) -> None:
    row = model()
    with pytest.raises(AttributeError):
        row.state = "closed_other"
