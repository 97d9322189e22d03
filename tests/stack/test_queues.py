"""Workers as the shipped units start them: what takes long fills its own queue, and a receipt leaves still."""

from __future__ import annotations

import re
import shlex
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
import pytest
from celery import Celery

from tests.stack.databases import on_services
from tests.stack.processes import Process
from tests.stack.stack import Stack
from tests.standin.client import ROOT

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not on_services(), reason="make test-services runs it"),
]
PHONE = "+22309808201"
# More than all processes of all units together.
LONG_TASKS = 12


@contextmanager
def workers_of_the_units(stack: Stack) -> Iterator[list[Process]]:
    """In the place of the one worker of a demonstration: those of production, without the schedule."""
    stack.worker.stop()
    try:
        with ExitStack() as undo:
            started = []
            for unit in sorted((ROOT / "deploy/systemd").glob("jaabi-worker*.service")):
                (command,) = re.findall(r"^ExecStart=\S+/celery (.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
                arguments = ["-m", "celery", *shlex.split(command.replace("%%", "%"))]
                log = stack.var / "logs" / f"{unit.stem}.log"
                started.append(Process(unit.stem, arguments, stack.environment, log))
                undo.callback(started[-1].stop)
            for one in started:
                one.wait_for(lambda log=one.log: "ready." in log.read_text(errors="replace"), 60)  # type: ignore[misc]
            yield started
    finally:
        stack.worker.restart()


def test_a_receipt_leaves_while_everything_that_takes_long_is_held_up(stack: Stack) -> None:
    stack.standin.reset()
    with workers_of_the_units(stack) as workers, psycopg.connect(stack.direct["DATABASE_URL"]) as held:
        # each import waits for this table, as one of an hour would hold its process
        held.execute("lock table feedback_sheet in access exclusive mode")
        queue = Celery("test", broker=stack.environment["REDIS_URL"], set_as_current=False)
        for _one in range(LONG_TASKS):
            queue.send_task("feedback.tasks.take_sheet", [str(uuid.uuid4())], queue="slow")
        slow = next(worker for worker in workers if worker.name.endswith("slow"))
        stack.until(lambda: "take_sheet" in slow.log.read_text(errors="replace"))
        stack.sms_in(PHONE, "La pompe du village est cassée depuis lundi")
        (receipt,) = stack.standin.wait_sent(PHONE, timeout=30)
        assert sum(sign.isdigit() for sign in receipt["body"]) >= 12
        assert not re.search(r"take_sheet\S* succeeded", slow.log.read_text(errors="replace")), "still held up"
