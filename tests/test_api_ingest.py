"""What an organisation's own system hands over of the feedback that it collects: once, one by one, in every lane."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.models import Outbound
from core.periods import Quarter
from feedback.actions.source_words import decide_words
from feedback.collected import collected
from feedback.models import Case, CaseMessage, Category, CollectedReading, Deposit, SourceRecord, SourceWord
from feedback.reference_data import load_categories
from psea.models import SealedCase
from tests.feedback.conftest import recovery_key
from tests.referrals.conftest import House, house
from tests.test_api import Partner, partner, problem

__all__ = ["house", "partner", "recovery_key"]
FEEDBACK, FIGURES = "/api/v1/feedback/", "/api/v1/feedback/figures/"
WATER, SEA = "Le puits est en panne.", "Un agent de l'ONG demande du sexe contre des vivres."


@pytest.fixture
def nrc(partner: Callable[..., Partner]) -> Partner:
    load_categories()
    return partner()


def results(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["id"], one["status"]) for one in json.loads(answer.content)["results"]]


def test_a_batch_is_taken_in_once_with_a_result_for_each(nrc: Partner, recovery_key: bytes) -> None:
    later = (timezone.now() + timedelta(days=1)).isoformat()
    items = [
        {"id": "A1", "words": WATER, "place": "ML0703", "category": "Eau", "sex": "female", "channel": "voice"},
        {"id": "A2", "words": SEA},
        {"id": "A3", "words": WATER, "said_at": later},
        {"id": "A4", "words": WATER, "phone": "12", "safe_contact": "sms"},
        {"id": "A1", "words": "Autre chose."},
        {"id": "A5", "words": WATER, "phone": "76123456", "safe_contact": "sms"},
        {"words": WATER},
    ]
    answer = nrc.post(FEEDBACK, {"items": items})
    assert results(answer) == [
        ("A1", "new"), ("A2", "new"), ("A3", "refused"), ("A4", "refused"), ("A1", "refused"),
        ("A5", "new"), ("", "new"),
    ]  # fmt: skip
    said = json.loads(answer.content)["results"]
    assert [list(one.get("problems", {})) for one in said] == [[], [], ["said_at"], ["phone"], ["id"], [], []]
    receipts = Outbound.objects.filter(kind=Outbound.Kind.RECEIPT)
    assert (Case.objects.count(), SealedCase.objects.using("vault").count(), receipts.count()) == (3, 1, 0)
    case = next(case for case in Case.objects.all() if case.unsealed("source_reference") == "A1")
    assert (case.source, case.entered_for, case.channel, case.sex) == (*[nrc.token.organisation] * 2, "voice", "female")
    assert (case.category, case.unsealed("note")) == (None, "Catégorie chez la source\xa0: Eau"), "nothing is guessed"

    again = [items[0], items[1] | {"words": f"{SEA} Encore."}, items[-1], {"id": "A9", "words": WATER}]
    assert results(nrc.post(FEEDBACK, {"items": again})) == [
        ("A1", "known"), ("A2", "changed"), ("", "known"), ("A9", "new"),
    ]  # fmt: skip
    assert [tuple(row.values())[-4:] for row in Deposit.objects.all().by_day()] == [(5, 2, 1, 3)]


def test_the_same_answer_for_the_same_key_and_none_of_it_is_kept(nrc: Partner, recovery_key: bytes) -> None:
    asked, key = {"items": [{"id": "A1", "words": SEA}, {"id": "A2", "words": WATER, "phone": "1"}]}, "k"
    asked["items"][1]["safe_contact"] = "call"
    first, second = (nrc.post(FEEDBACK, asked, **{"Idempotency-Key": key}) for _ in range(2))
    assert first.content == second.content
    assert second["Idempotency-Replayed"] == "true"
    assert results(first) == [("A1", "new"), ("A2", "refused")]
    kept = str(list(Deposit.objects.values())) + str(list(SourceRecord.objects.values()))
    assert [word for word in ("vivres", "puits", "A1") if word in kept] == []


def test_words_that_nobody_decided_are_listed_for_it_and_sort_what_comes_after(nrc: Partner, house: House) -> None:
    source = nrc.token.organisation
    nrc.post(FEEDBACK, {"items": [{"id": "A1", "words": WATER, "category": "Menaces"}]})
    assert [row.unsealed("word") for row in SourceWord.objects.filter(decided_at=None)] == ["Menaces"]
    decide_words(source, {"Menaces": Category.objects.get(pk="PROT.vbg")}, by=house.cast.awa)
    nrc.post(FEEDBACK, {"items": [{"id": "A2", "words": WATER, "category": "menaces"}]})
    assert sorted(Case.objects.values_list("lane", flat=True)) == ["ordinary", "restricted"]
    assert results(nrc.post(FEEDBACK, {"items": [{"id": "A1", "words": f"{WATER} Vite.", "category": "Menaces"}]})) == [
        ("A1", "changed")
    ]
    assert set(Case.objects.values_list("lane", flat=True)) == {"restricted"}
    assert CaseMessage.objects.count() == 1


def test_until_somebody_decides_a_word_that_suggests_sea_seals(nrc: Partner, recovery_key: bytes) -> None:
    items = [{"id": "A1", "words": WATER, "category": "Violence basée sur le genre"}]
    assert results(nrc.post(FEEDBACK, {"items": items})) == [("A1", "new")]
    assert (Case.objects.count(), SealedCase.objects.using("vault").count(), SourceWord.objects.count()) == (0, 1, 1)


def test_without_a_key_in_place_nothing_of_a_batch_is_done(nrc: Partner) -> None:
    problem(nrc.post(FEEDBACK, {"items": [{"id": "A1", "words": WATER}, {"id": "A2", "words": SEA}]}), 503)
    assert (Case.objects.count(), SourceRecord.objects.count(), Deposit.objects.count()) == (0, 0, 0)


def test_a_call_without_its_scope_or_out_of_shape_is_refused(partner: Callable[..., Partner], nrc: Partner) -> None:
    problem(partner(scopes=["cases:write"]).post(FEEDBACK, {"items": [{"words": WATER}]}), 403)
    wrongs: tuple[dict[str, Any], ...] = (
        {},
        {"items": []},
        {"items": [{"words": 5}]},
        {"items": [{"words": WATER}] * 101},
    )
    for wrong in wrongs:
        problem(nrc.post(FEEDBACK, wrong), 400)


def test_figures_of_a_period_are_replaced_by_a_new_version_and_never_cross(nrc: Partner) -> None:
    def given(period: str, *counts: dict[str, Any]) -> Any:
        return nrc.post(FIGURES, {"period": period, "counts": list(counts)})

    one = {"category": "INFO", "count": 12, "place": "ML0703"}
    answer = json.loads(
        given(
            "2022-03", one, {"category": "EAS", "count": 2}, {"category": "Mystère", "count": 4} | {"place": "ML07"}
        ).content
    )
    assert (answer["version"], answer["left_out"], answer["undecided"]) == (1, [1], ["Mystère"])
    assert collected(Quarter(2022, 1)) == {(nrc.token.organisation.pk, "INFO"): 12, (nrc.token.organisation.pk, ""): 4}
    assert json.loads(given("2022-03", one | {"count": 13}).content)["version"] == 2
    assert json.loads(given("2022-03", one | {"count": 13}).content)["version"] == 2
    assert collected(Quarter(2022, 1)) == {(nrc.token.organisation.pk, "INFO"): 13}
    problem(given("2022-T1", one), 422)
    problem(given("2031-01", one), 400)
    assert list(problem(given("2022-04", one, one), 400)["errors"]["counts"]) == ["1"]
    assert list(problem(given("2022-04", one | {"place": "ML99"}), 400)["errors"]["counts"]) == ["0"]
    assert CollectedReading.objects.filter(replaced_at=None).count() == 1
