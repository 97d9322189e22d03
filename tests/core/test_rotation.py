"""Live wraps move to the newest online key; then, and only then, the old key can leave the ring."""

from __future__ import annotations

import base64
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from core.keyring import is_newest
from core.models import Outbound
from core.outbox import queue_sms
from core.rotation import rotate, sealed_models
from core.sealing import SealBroken, new_keypair
from feedback.models import Case
from tests.feedback.making import WORDS, made_case

PHONE = "+22300000012"


def fresh_key() -> str:
    return base64.urlsafe_b64encode(new_keypair()[0]).decode()


def run(batch: int = 500) -> list[str]:
    out = StringIO()
    call_command("rotate_sealing", batch=batch, stdout=out)
    return out.getvalue().splitlines()


def newest() -> list[bool]:
    return [is_newest(bytes(row.data_key or b"")) for row in Case.objects.order_by("pk")]


@pytest.fixture
def old_wraps(db: None, settings: Any, tmp_path: Path) -> list[str]:
    """Three cases and a message under a key that is no longer the newest; out: the ring without it."""
    for _ in range(3):
        made_case()
    queue_sms(PHONE, "Bonjour", kind=Outbound.Kind.ANSWER)
    settings.BACKUP_DIR = settings.SPOOL_DIR = tmp_path
    new = [fresh_key()]
    settings.SEALING_KEYS = [*new, *settings.SEALING_KEYS]
    assert newest() == [False, False, False]
    return new


def test_every_model_that_the_platform_opens_is_rotated() -> None:
    assert [model._meta.db_table for model in sealed_models()] == [
        "core_line",
        "core_outbound",
        "core_quarantined",
        "directory_interventioncontent",
        "directory_interventionfile",
        "feedback_answer",
        "feedback_case",
        "feedback_casemessage",
        "feedback_datarequest",
        "feedback_draft",
        "feedback_envelope",
        "feedback_phonequestion",
        "feedback_screeningchange",
        "feedback_sheet",
        "feedback_sourcefile",
        "feedback_sourceword",
        "referrals_endpoint",
        "referrals_peer",
        "referrals_referral",
        "referrals_referralcycle",
        "referrals_referralfile",
        "referrals_referralmessage",
        "referrals_referralnote",
        "referrals_savedfilter",
        "referrals_sheetreply",
        "workplan_entryfile",
        "workplan_planfile",
        "workplan_readingfile",
        "workplan_registerentry",
        "workplan_registerfile",
    ]


def test_after_rotation_the_old_key_can_go_and_everything_still_opens(old_wraps: list[str], settings: Any) -> None:
    said = run()
    assert said[-2].startswith("4 enveloppes déplacées")
    assert "peut quitter SEALING_KEYS" in said[-1]
    settings.SEALING_KEYS = old_wraps
    assert {case.unsealed("words") for case in Case.objects.all()} == {WORDS}
    assert Outbound.objects.get().unsealed("recipient") == PHONE


def test_it_says_how_far_it_is_and_the_second_time_moves_nothing(old_wraps: list[str]) -> None:
    said = run(batch=2)
    assert [line for line in said if line.startswith("feedback_case:")] == [
        "feedback_case: 2 déplacées sur 2",
        "feedback_case: 3 déplacées sur 3",
    ]
    before = list(Case.objects.order_by("pk").values_list("data_key", flat=True))
    assert run()[-2] == "0 enveloppes déplacées, 0 qu'aucune clé de l'anneau n'ouvre."
    assert list(Case.objects.order_by("pk").values_list("data_key", flat=True)) == before


def test_stopped_half_way_it_goes_on_where_it_was(old_wraps: list[str]) -> None:
    next(rotate(Case, batch=2))
    assert newest() == [True, True, False]
    assert [one.moved for one in rotate(Case, batch=2)] == [1]
    assert newest() == [True, True, True]


def test_what_was_destroyed_holds_up_nothing(old_wraps: list[str], settings: Any) -> None:
    settings.SEALING_KEYS = [fresh_key()]
    lost = made_case()
    settings.SEALING_KEYS = old_wraps  # the key of three cases and a message, and that of the fourth, have left
    kept = made_case()
    settings.SEALING_KEYS = [fresh_key(), *old_wraps]

    assert run()[-2] == "1 enveloppes déplacées, 5 qu'aucune clé de l'anneau n'ouvre."
    assert Case.objects.get(pk=kept.pk).unsealed("words") == WORDS
    with pytest.raises(SealBroken):
        Case.objects.get(pk=lost.pk).unsealed("words")
