"""The product's main way through PgBouncer in transaction mode, with fewer connections than it has threads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import test_journey as journey
from tests.stack.databases import on_services
from tests.stack.desk import at_desk
from tests.stack.pooler import missing
from tests.stack.stack import Stack

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not on_services(), reason="make test-services runs it"),
    pytest.mark.skipif(bool(missing()), reason=missing()),
]
EVERY_JOB = """
import django; django.setup()
from django.conf import settings
from config.celery import app
app.loader.import_default_modules()
app.conf.task_always_eager = app.conf.task_eager_propagates = True
for name, job in settings.CELERY_BEAT_SCHEDULE.items():
    app.tasks[job["task"]].delay()
print(len(settings.CELERY_BEAT_SCHEDULE), "jobs")
"""
CHECKS = """
import django; django.setup()
from config.checks import pooler_is_known
print(sorted(found.id for found in pooler_is_known(None)))
"""
PHONE, WORDS = "+22300009101", "La pompe du site est cassée et l’eau manque"


@pytest.fixture(scope="module")
def pooled_stack() -> Iterator[Stack]:
    with Stack(is_pooled=True) as running:
        yield running


def test_someone_speaks_and_an_agency_answers(pooled_stack: Stack) -> None:
    journey.test_someone_speaks_an_agency_answers_and_the_workplan_moves(pooled_stack)


def test_an_allegation_is_sealed_and_followed(pooled_stack: Stack) -> None:
    journey.test_an_allegation_is_sealed_answered_alike_and_followed_to_its_entity(pooled_stack)


def test_a_case_that_somebody_read_is_protected(pooled_stack: Stack) -> None:
    pooled_stack.sms_in(PHONE, WORDS)
    pooled_stack.standin.wait_sent(PHONE)
    operator = pooled_stack.login_as("operator")
    assert at_desk(operator, WORDS) is not None
    assert operator.submit("Oui, protéger").status == 200
    assert at_desk(operator, WORDS) is None
    assert pooled_stack.traces_of(WORDS) == []


def test_every_job_of_the_schedule_runs(pooled_stack: Stack) -> None:
    said = pooled_stack.run("-c", EVERY_JOB)
    assert int(said.split()[-2]) > 30
    assert "OK" not in said


def test_a_pooler_that_is_not_known_as_one_is_refused(pooled_stack: Stack) -> None:
    assert pooled_stack.run("-c", CHECKS).split("\n")[-2] == "['config.E006']"
    assert "config.E002" in pooled_stack.run("-c", CHECKS, told={"DATABASE_POOLED": "0"})
