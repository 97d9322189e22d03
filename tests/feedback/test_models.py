"""Cases: the table of states, what belongs together, and who sees them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from core.actors import PERSON, SYSTEM
from core.transitions import Refused, move
from directory.enums import RestrictedKind
from directory.models import User
from feedback.deadlines import due_at, rule_for
from feedback.enums import LIVE, CaseState, Clock, Lane
from feedback.models import Case, CaseImplicated, Category, DeadlineRule, Envelope
from feedback.models.case_permissions import ROLES_OF_ACT
from feedback.reference_data import load_categories, load_deadlines
from feedback.references import SIGNS, new_reference
from tests.cast import Cast
from tests.feedback.making import made_case, place, sorted_case

S = CaseState
TABLE = {
    "triage": ({S.NEW, S.REOPENED}, S.TRIAGED),
    "set_aside": ({S.NEW}, S.CLOSED),
    "end_without_answer": ({S.TRIAGED}, S.CLOSED),
    "refer": ({S.TRIAGED}, S.REFERRED),
    "back_to_triage": ({S.REFERRED}, S.TRIAGED),
    "answer": ({S.TRIAGED, S.REFERRED}, S.ANSWERED),
    "close": ({S.ANSWERED}, S.CLOSED),
    "reopen": ({S.CLOSED}, S.REOPENED),
    "merge": (set(LIVE), S.MERGED),
    "protect": ({*LIVE, S.CLOSED, S.MERGED}, S.PROTECTED),
}


def test_the_table_of_states_is_this_one() -> None:
    found: dict[str, Any] = {}
    for transition in Case._meta.get_field("state").get_all_transitions(Case):
        sources, _target = found.setdefault(transition.name, (set(), transition.target))
        sources.add(transition.source)
    assert found == TABLE


def test_every_act_says_which_roles_may_do_it() -> None:
    moves_nothing_itself = {"withdraw"}
    assert set(ROLES_OF_ACT) == set(TABLE) | moves_nothing_itself


def test_a_state_cannot_be_set_by_hand(cast: Cast) -> None:
    case = made_case()
    with pytest.raises(AttributeError):
        case.state = S.CLOSED
    with pytest.raises(TransitionNotAllowed):
        case.refer(by=SYSTEM, at=timezone.now())


REFUSED_BY_THE_DATABASE: list[tuple[str, dict[str, Any]]] = [
    ("case_known_state", {"state": "lost"}),
    ("case_lane_and_kind", {"lane": Lane.RESTRICTED}),
    ("case_lane_and_kind", {"restricted_kind": RestrictedKind.SECURITY}),
    ("case_sorted_has_category", {"category": None}),
    ("case_sorted_has_category", {"triaged_at": None}),
    ("case_sorted_has_summary", {"summary": ""}),
    ("case_referred_has_date", {"state": S.REFERRED}),
    ("case_answered_has_date", {"state": S.ANSWERED}),
    ("case_closed_has_reason_and_date", {"state": S.CLOSED}),
    ("case_open_is_not_closed", {"outcome": "settled"}),
    ("case_reopened_has_date", {"state": S.REOPENED}),
    ("case_merged_has_target", {"state": S.MERGED}),
    ("case_protected_keeps_nothing", {"state": S.PROTECTED, "protected_at": timezone.now()}),
    ("case_settled_has_date", {"settled": "yes"}),
    ("case_said_before_recorded", {"said_at": timezone.now() + timedelta(days=400)}),
]


@pytest.mark.parametrize(("name", "change"), REFUSED_BY_THE_DATABASE)
def test_what_does_not_belong_together_is_refused_by_the_database(
    cast: Cast, name: str, change: dict[str, Any]
) -> None:
    case = sorted_case(cast.awa)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**change)


def test_each_constraint_of_a_case_speaks_french() -> None:
    messages = [str(constraint.violation_error_message) for constraint in Case._meta.constraints]
    assert all(message.endswith(".") and "%(" not in message for message in messages)


def test_an_envelope_said_to_be_handled_keeps_no_text(cast: Cast) -> None:
    envelope = Envelope(gateway="twilio", provider_id="SM1", received_at=timezone.now())
    envelope.seal(body="quelque chose", sender="+22300000012")
    envelope.save()
    with pytest.raises(IntegrityError, match="envelope_handled_keeps_nothing"), transaction.atomic():
        Envelope.objects.filter(pk=envelope.pk).update(state="handled")


def test_one_and_only_one_party_in_each_row_of_the_implicated(cast: Cast) -> None:
    case = made_case()
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseImplicated.objects.create(case=case)
    CaseImplicated.objects.create(case=case, organisation=cast.organisations["nrc"])
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseImplicated.objects.create(case=case, organisation=cast.organisations["nrc"])


def test_a_case_whose_person_objects_is_not_referred(cast: Cast) -> None:
    case = sorted_case(cast.awa, objects_to_sharing=True)
    with pytest.raises(Refused, match="ne veut pas"):
        move(Case, case.pk, "refer", by=cast.awa)


def test_the_first_referral_keeps_its_date(cast: Cast) -> None:
    case = sorted_case(cast.awa)
    first = move(Case, case.pk, "refer", by=cast.awa, at=timezone.now() - timedelta(days=2)).first_referred_at
    move(Case, case.pk, "back_to_triage", by=SYSTEM)
    assert move(Case, case.pk, "refer", by=cast.awa).first_referred_at == first


def test_the_person_may_reopen_and_close_and_nothing_else(cast: Cast) -> None:
    case = sorted_case(cast.awa)
    assert {act for act in TABLE if case.may(act, PERSON) is None} == {"reopen", "close"}


# -- who sees a case: exactly these, of the whole cast -----------------------------------------------------------------


def readers(case: Case) -> set[str]:
    people = User.objects.all()
    return {u.email.split("@")[0] for u in people if Case.objects.visible_to(u).filter(pk=case.pk).exists()}


@pytest.mark.parametrize(
    ("code", "about", "expected"),
    [
        ("ASSIST", {}, {"awa"}),
        ("ASSIST", {"concerned": "nrc"}, {"awa", "oumar", "fanta"}),
        ("ASSIST", {"concerned": "nrc", "place": "ML0507"}, {"awa", "oumar"}),
        ("ASSIST", {"concerned": "nrc", "place": "ML0701"}, {"awa", "oumar", "fanta"}),
        ("FRAUDE", {"concerned": "hcr"}, {"salif"}),
        ("PROT.vbg", {"concerned": "hcr"}, {"kadia"}),
        ("SECU", {}, {"moussa"}),
        ("DONNEES", {}, {"salif"}),
        ("PROT.ltb", {"concerned": "hcr"}, {"awa", "ibrahim"}),
    ],
)
def test_a_sorted_case_is_seen_by_exactly_these(
    cast: Cast, code: str, about: dict[str, str], expected: set[str]
) -> None:
    known: dict[str, Any] = {}
    if "concerned" in about:
        known["concerned"] = cast.organisations[about["concerned"]]
    if "place" in about:
        known["place"] = place(about["place"])
    assert readers(sorted_case(cast.awa, code, about=known)) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [("ML0701", {"everywhere"}), ("ML0501", {"kadia", "everywhere"}), ("", {"kadia", "everywhere"})],
)
def test_a_restricted_case_is_seen_by_those_named_whose_zone_it_is(cast: Cast, where: str, expected: set[str]) -> None:
    """Kadia's zone is Mopti (ML05); a colleague's is the whole country. An unknown place is in everyone's."""
    cast.kadia.place_scope.set([place("ML05")])
    everywhere = User.objects.create(email="everywhere@jaabi.example", name="E", organisation=cast.organisations["hcr"])
    everywhere.role_rows.create(role="protection_focal_point")
    assert readers(sorted_case(cast.awa, "PROT.vbg", about={"place": place(where) if where else None})) == expected


def test_an_unsorted_case_is_seen_by_the_operators_only(cast: Cast) -> None:
    assert readers(made_case(concerned=cast.organisations["nrc"])) == {"awa"}


@pytest.mark.parametrize(
    ("party", "spared"),
    [
        (lambda cast: {"user": cast.oumar}, {"awa", "fanta"}),
        (lambda cast: {"office": cast.offices["nrc_gao"]}, {"awa", "oumar"}),
        (lambda cast: {"organisation": cast.organisations["nrc"]}, {"awa"}),
    ],
)
def test_whoever_is_implicated_does_not_see_it(
    cast: Cast, party: Callable[[Cast], dict[str, Any]], spared: set[str]
) -> None:
    case = sorted_case(cast.awa, "ASSIST", about={"concerned": cast.organisations["nrc"]})
    CaseImplicated.objects.create(case=case, **party(cast))
    assert readers(case) == spared


def test_a_protected_case_is_seen_by_nobody(cast: Cast) -> None:
    case = sorted_case(cast.awa)
    move(Case, case.pk, "protect", by=SYSTEM)
    assert readers(case) == set()
    assert Case.objects.counted().filter(pk=case.pk).exists()


def test_a_closed_account_sees_nothing(cast: Cast) -> None:
    case = made_case()
    cast.awa.is_active = False
    assert not Case.objects.visible_to(cast.awa).filter(pk=case.pk).exists()


# -- reference data ----------------------------------------------------------------------------------------------------


def test_categories_are_those_of_the_list_with_their_lanes(db: None) -> None:
    kinds = dict(Category.objects.exclude(restricted_kind="").values_list("pk", "restricted_kind"))
    assert Category.objects.count() == 28
    assert kinds == {
        **dict.fromkeys(["CODE_CONDUITE", "CODE_CONDUITE.harcel", "CODE_CONDUITE.represailles"], "integrity"),
        **dict.fromkeys(["FRAUDE", "FRAUDE.paiement", "FRAUDE.nepotisme"], "integrity"),
        **dict.fromkeys(["PROT", "PROT.vbg", "PROT.pe", "PROT.mines", "PROT.autre"], "protection"),
        "SECU": "security",
        "DONNEES": "data",
    }
    assert list(Category.objects.filter(is_vault=True)) == [Category.objects.get(pk="EAS")]


def test_loading_again_adds_nothing_and_leaves_what_staff_edited(db: None) -> None:
    Category.objects.filter(pk="INFO").update(label="Question")
    DeadlineRule.objects.filter(clock=Clock.ACCEPT, priority="").update(hours=48)
    assert (load_categories(), load_deadlines()) == (0, 0)
    assert Category.objects.get(pk="INFO").label == "Question"
    assert DeadlineRule.objects.get(clock=Clock.ACCEPT, priority="").hours == 48


def test_a_sensitive_category_needs_recipients(db: None) -> None:
    with pytest.raises(ValidationError, match="destinataires désignés"):
        Category(code="X", label="X", level=4, sensitivity="S3").validate_constraints()


@pytest.mark.parametrize(
    ("code", "priority", "hours", "days"),
    [
        ("INSAT_MAJ.ciblage", "normal", None, 14),
        ("SECU", "", 1, None),
        # what is urgent does not wait as long as its category may; what its category hurries is not slowed by it
        ("INFO", "urgent", 72, None),
        ("INFO", "emergency", 24, None),
        ("SECU", "urgent", 1, None),
    ],
)
def test_the_nearest_rule_wins(db: None, code: str, priority: str, hours: int | None, days: int | None) -> None:
    rule = rule_for(Clock.ANSWER, category=Category.objects.get(pk=code), priority=priority)
    assert rule is not None
    assert (rule.hours, rule.days) == (hours, days)


def test_a_priority_has_its_own_rule_and_others_the_general_one(db: None) -> None:
    found = [rule_for(Clock.ACCEPT, priority=priority) for priority in ("urgent", "normal")]
    assert [rule and rule.hours for rule in found] == [24, 72]


def test_nothing_is_promised_where_there_is_no_rule(db: None) -> None:
    DeadlineRule.objects.all().delete()
    assert due_at(Clock.ANSWER, timezone.now()) is None


def test_a_proposal_is_never_called_a_norm(db: None) -> None:
    sourced = set(DeadlineRule.objects.filter(is_sourced=True).values_list("clock", flat=True))
    assert sourced == {Clock.ACKNOWLEDGE, Clock.SERVICE, Clock.SEA_INVESTIGATE}


def test_references_are_random_and_readable() -> None:
    references = {new_reference() for _ in range(500)}
    assert len(references) == 500
    assert {len(one) for one in references} == {7}
    assert {sign for one in references for sign in one} <= {*SIGNS, "-"}
