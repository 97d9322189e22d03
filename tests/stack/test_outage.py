"""The database goes away while the carrier goes on: it is told yes, nothing is lost, and nothing comes twice."""

from __future__ import annotations

import re
import uuid

import pytest

from tests.stack.stack import Stack
from tests.stack.traces import traces_in_files

PHONE, OTHER = "+22371808101", "+22371808102"
WATER = "Le forage du quartier est en panne depuis trois jours"


@pytest.fixture(autouse=True)
def _carrier_is_well(stack: Stack) -> None:
    stack.standin.reset()


def spooled(stack: Stack) -> int:
    return len(list((stack.var / "spool").glob("*.sealed")))


def quarantined(stack: Stack) -> float:
    """How many requests at Twilio's address are kept as forged."""
    found = re.search(r'jaabi_quarantined\{line="twilio"\} ([\d.]+)', stack.visitor().get("/metrics").text)
    return float(found.group(1)) if found else 0.0


def test_what_comes_while_the_database_is_gone_is_taken_in_by_the_web_server_alone(stack: Stack) -> None:
    word = f"Kanari{uuid.uuid4().hex[:14]}"
    url = stack.url("/sms/twilio/")
    refused_before = quarantined(stack)
    stack.worker.stop()
    try:
        with stack.without_database():
            assert stack.visitor().get("/readyz").status == 503
            answers = stack.standin.receive(url, PHONE, f"{WATER} {word}", repeat=3)
            assert [answer.status for answer in answers] == [200] * 3
            (refused,) = stack.standin.receive(url, OTHER, f"Autre chose {word}", signature="forged")
            assert refused.status == 403
            assert spooled(stack) == 4
            seen = stack.visitor().get("/metrics").text
            assert 'jaabi_spooled{line="twilio"} 4.0' in seen
            assert "jaabi_database_up 0.0" in seen
            assert traces_in_files(word, stack.var) == traces_in_files(PHONE, stack.var) == []
        # no worker, and nobody calls: the web server's own thread is left
        stack.until(lambda: spooled(stack) == 0, timeout=60)
        assert quarantined(stack) == refused_before + 1
        assert stack.traces_of(word) == []
    finally:
        stack.worker.restart()
    stack.standin.wait_sent(PHONE, timeout=60)
    stack.sms_in(OTHER, "Un autre message, pour savoir que la file est passée")
    stack.standin.wait_sent(OTHER, timeout=60)
    assert (len(stack.standin.sent(PHONE)), len(stack.standin.sent(OTHER))) == (1, 1)


def test_what_a_web_server_left_on_its_disk_is_taken_in_when_it_starts_again(stack: Stack) -> None:
    phone = "+22371808103"
    stack.until(lambda: spooled(stack) == 0, timeout=60)
    with stack.without_database():
        stack.sms_in(phone, WATER)
        stack.web.kill()
        assert spooled(stack) == 1
    stack.restart_web()
    assert len(stack.standin.wait_sent(phone, timeout=60)) == 1
    assert spooled(stack) == 0
