"""A key that marks is changed while everything works: what was marked is found before, meanwhile and after."""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import remarking
from core.index import DIGITS, drawn_hash, is_same, keyed_hash, keys_of, ring_of
from core.models import NumberPace, Outbound
from core.outbox import queue_sms, withhold
from core.pace import pace_of
from core.remarking import marked_models
from core.transitions import Refused
from directory import idempotency
from directory.idempotency import StillRunning
from feedback.actions.booklets import claim, make_booklet
from feedback.duplicates import _same_phone
from feedback.following import _opened
from feedback.models import BookletNumber, Case, PhonePreference
from feedback.preferences import locked_preference, phone_index, preference_of
from feedback.source_keys import receipt_number, row_id, thread_code
from feedback.whereabouts import where_is
from tests.cast import Cast
from tests.feedback.making import made_case

PHONE = "+22300000012"
SOURCE = "entry:once"
CODE = "424242"

Grow = Callable[[], None]


def key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


@pytest.fixture
def grow(settings: Any) -> Grow:
    """Adds a key to the ring, while marks are changed."""

    def grown() -> None:
        settings.INDEX_KEY += f",{key()}"

    return grown


def close(settings: Any) -> None:
    settings.INDEX_KEY = settings.INDEX_KEY.replace(",", "+")


def rotate(batch: int = 1000) -> list[str]:
    out = StringIO()
    call_command("rotate_marks", batch=batch, stdout=out)
    return out.getvalue().splitlines()


def first_signs(model: Any, field: str) -> list[str]:
    """How the marks of a column begin, as the database has them."""
    return sorted("0" if value[0] in DIGITS else value[0] for value in model.objects.values_list(field, flat=True))


def complaints() -> list[str]:
    found = run_checks(tags=["settings"], include_deployment_checks=True)
    return [str(one.id) for one in found if one.id != "config.E001"]


def test_a_ring_is_read_from_one_line() -> None:
    one, two, three = key(), key(), key()
    rings = [ring_of(written) for written in (one, f"{one},{two}", f"{one}+{two},{three}")]
    assert [(len(ring.keys), ring.least) for ring in rings] == [(1, 1), (2, 1), (3, 2)]


def test_a_mark_needs_every_key_it_went_through(settings: Any, grow: Grow) -> None:
    before, drawn, first = keyed_hash(PHONE, "phone"), drawn_hash(PHONE, "id"), settings.INDEX_KEY
    grow()
    now = keyed_hash(PHONE, "phone")
    assert (now[0], now.older, len(now)) == ("g", (before,), 64)
    assert is_same(str(before), now), "what was stored before is the same telephone"
    assert not is_same(str(before), keyed_hash("+22300000013", "phone"))
    assert drawn_hash(PHONE, "id") != drawn == drawn_hash(PHONE, "id", keys=1)
    settings.INDEX_KEY = f"{first},{key()}"
    assert keyed_hash(PHONE, "phone") != now, "whoever has the first key alone computes nothing that is stored"
    close(settings)
    assert keyed_hash(PHONE, "phone").older == (), "once all were changed, one form is looked for"
    grow()
    assert [keys_of(form) for form in (keyed_hash(PHONE, "phone"), *keyed_hash(PHONE, "phone").older)] == [3, 2]


@pytest.mark.django_db
def test_as_long_as_there_is_one_key_one_value_is_looked_for() -> None:
    with CaptureQueriesContext(connection) as asked:
        preference_of(PHONE)
        row_id(SOURCE, "case")
    assert len(asked) == 1
    assert " IN " not in asked[0]["sql"]


def spoken_once() -> Case:
    """As a form that is posted, once or twice."""
    made = made_case(phone=PHONE, receipt_number=receipt_number(SOURCE), code=CODE, source_key=SOURCE)
    assert made.pk == row_id(SOURCE, "case")
    return made


def is_found(case: Case, drawn: tuple[str, str]) -> None:
    """By each way that leads to it, and nothing is made a second time."""
    again = Case.objects.get(pk=case.pk)
    assert (receipt_number(SOURCE), thread_code(SOURCE)) == drawn, "who posts again is given the same number"
    assert where_is(drawn[0]).case == case == spoken_once()
    assert list(Case.objects.of_phone(phone_index(PHONE))) == [case]
    assert [_opened(again, drawn[0], code) for code in (CODE, "424243")] == [True, False]
    assert _same_phone(again, Case(phone_hash=phone_index(PHONE)))
    assert preference_of(PHONE).stopped_at is not None, "STOP holds"
    assert locked_preference(phone_index(PHONE)).stopped_at is not None
    assert pace_of(PHONE, timezone.now()).replies == 3
    assert [model.objects.count() for model in (Case, PhonePreference, NumberPace)] == [1, 1, 1]


def test_what_was_marked_is_found_before_meanwhile_and_after(
    cast: Cast, grow: Grow, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, drawn = spoken_once(), (receipt_number(SOURCE), thread_code(SOURCE))
    locked_preference(phone_index(PHONE), stopped_at=timezone.now())
    pace_of(PHONE, timezone.now())
    NumberPace.objects.update(replies=3)
    made_case(phone="+22300000013").delete()
    is_found(case, drawn)
    for sign in "gh":
        grow()
        is_found(case, drawn)
        assert complaints() == ["config.W002"]
        _stopped_at_each_row(monkeypatch, lambda: is_found(case, drawn))
        assert rotate()[-2].startswith("INDEX_KEY : terminé")
        is_found(case, drawn)
        assert complaints() == ["config.W004"]
        for model, field in ((Case, "phone_hash"), (Case, "code_hash"), (PhonePreference, "pk"), (NumberPace, "pk")):
            assert first_signs(model, field) == [sign]
        close(settings)
        is_found(case, drawn)
        assert complaints() == []


def _stopped_at_each_row(monkeypatch: pytest.MonkeyPatch, then: Callable[[], None]) -> None:
    """Breaks off after the first row, after the second …, of one transaction each, and looks."""
    lift = remarking._lift
    for _row in range(2):
        lifted: list[Any] = []

        def once(row: Any, lifted: list[Any] = lifted) -> None:
            if lifted:
                raise KeyboardInterrupt
            lift(row)
            lifted.append(row)

        monkeypatch.setattr(remarking, "_lift", once)
        with pytest.raises(CommandError, match="Arrêtée"):
            rotate(batch=1)
        then()
    monkeypatch.setattr(remarking, "_lift", lift)


def test_a_plus_that_came_too_early_is_refused_aloud(cast: Cast, grow: Grow, settings: Any) -> None:
    case, number = spoken_once(), receipt_number(SOURCE)
    grow()
    close(settings)
    assert complaints() == ["config.E003"]
    assert where_is(number).case is None
    settings.INDEX_KEY = settings.INDEX_KEY.replace("+", ",")
    assert where_is(number).case == case


def test_what_comes_meanwhile_is_under_the_newest_key_and_stands_once(cast: Cast, grow: Grow) -> None:
    spoken_once()
    grow()
    second = made_case(phone=PHONE)
    assert first_signs(Case, "phone_hash") == ["0", "g"]
    assert Case.objects.of_phone(phone_index(PHONE)).count() == 2
    rotate()
    assert first_signs(Case, "phone_hash") == ["g", "g"]
    assert set(Case.objects.of_phone(Case.objects.get(pk=second.pk).phone_hash)) == set(Case.objects.all())


def test_a_message_that_waits_is_withheld_by_its_number(db: None, grow: Grow) -> None:
    with transaction.atomic():  # until it is committed it does not leave
        row = queue_sms(PHONE, "Bonjour", kind=Outbound.Kind.ANSWER)
        grow()
        withhold(PHONE)
    row.refresh_from_db()
    assert row.state == Outbound.State.FAILED


def test_a_request_that_is_repeated_after_the_change_is_known(cast: Cast, grow: Grow) -> None:
    line, said = cast.organisations["line"], ("key", "route", b"{}")
    idempotency.claim(line, "key", idempotency.fingerprint_of(*said))
    grow()
    with pytest.raises(StillRunning):
        idempotency.claim(line, "key", idempotency.fingerprint_of(*said))


def test_a_slip_printed_before_is_taken_once_after(cast: Cast, grow: Grow) -> None:
    line, by = cast.organisations["line"], cast.awa
    first, second = make_booklet(once=uuid.uuid4(), relay="Relais", organisation=line, count=2, by=by)
    claim(first, "entry:1")
    grow()
    claim(first, "entry:1")
    claim(second, "entry:2")
    rotate()
    claim(first, "entry:1")
    with pytest.raises(Refused, match="déjà pris"):
        claim(second, "entry:3")
    assert first_signs(BookletNumber, "pk") == ["g", "g"]


def test_every_mark_that_is_stored_is_known_to_the_rotation() -> None:
    """A column that holds what `keyed_hash` made is a `MarkField`, or what is in it is over within days."""
    passing = {"feedback_receiptattempt", "feedback_justsaid", "core_quarantined"}
    named = {model._meta.db_table for vault in (False, True) for model in marked_models(vault=vault)}
    hashes = {
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name.endswith(("_hash", "_tag")) and field.get_internal_type() == "CharField"
    }
    assert hashes - named - passing == {"core_auditentry", "core_audithead"}
