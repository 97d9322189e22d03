"""A short run of the canary sweep: exceptions forced along the way of what is said, with it in their text.

They are found in no table, log line, mail, cache or answer; and would be, if the log let texts of exceptions through.
The long run, in a running product: `python -m bench.canary`.
"""

from __future__ import annotations

import io
import logging
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from bench.canary.faults import LEARN, watched
from core import logs
from core.logs import JsonFormatter
from feedback.models import Case
from psea.models import SealedCase
from tests.feedback.conftest import Telephone
from tests.psea.conftest import Vault
from tests.psea.test_session import opened
from tests.test_canary import LETTERS, SEA, WATER, Canary, _cached, found_in_bytes, found_in_tables

POINTS = 4
Go = Callable[[str], Any]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that is logged, as production writes it, at its most talkative."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    monkeypatch.setattr(root, "level", logging.DEBUG)
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


@pytest.fixture
def acts(vault: Vault, signed_in: Any) -> dict[str, Go]:
    """Each says or writes a word, by a way of its own."""
    anyone, officer = (Client(raise_request_exception=False) for _browser in range(2))
    officer.cookies = opened(vault, signed_in).cookies
    operator = signed_in(vault.cast.awa)
    operator.raise_request_exception = False

    def web(word: str) -> Any:
        said = {"once": str(uuid.uuid4()), "words": f"{SEA} {word}", "safe_contact": "none"}
        return anyone.post("/parler/", said)

    def protect(word: str) -> Any:
        answer = Telephone("+22370111213", [], anyone).says(f"{WATER} {word}")
        case = Case.objects.exclude(state="protected").first()
        return operator.post(reverse("referrals:case_protect", args=[case.pk]), {"seen": "new"}) if case else answer

    def in_vault(word: str) -> Any:
        answer = web(word)
        case = SealedCase.objects.using("vault").order_by("-state_since").first()
        if case is None:
            return answer
        officer.post(reverse("psea:open", args=[case.pk]))
        return officer.post(reverse("psea:note", args=[case.pk]), {"words": word})

    return {"web": web, "protect": protect, "vault": in_vault}


def forced(go: Go, folder: Path, rng: Random, kept: list[bytes], among: str = "") -> list[Canary]:
    """One canary for each function, drawn among those that are entered, in which an exception was raised."""
    (folder / "fault").write_text(LEARN)
    with watched(folder):
        go("appris")
    entered = (name for path in folder.glob("entered-*") for name in path.read_text().splitlines())
    names = {name for name in entered if among in name}
    made = []
    for name in rng.sample(sorted(names), len(names)):
        (folder / "fault").write_text(name)
        canary = Canary(name, f"Kanarifaute{uuid.uuid4().hex[:10].translate(LETTERS)}")
        with watched(folder):
            answer = go(canary.word)
        if (folder / "raised").exists():
            (folder / "raised").unlink()
            made.append(canary)
            kept += [answer.content] if answer.status_code >= 500 else []
        if len(made) == POINTS:
            break
    return made


@pytest.mark.parametrize("act", ["web", "protect", "vault"])
def test_nothing_is_found_where_exceptions_were_forced(
    acts: dict[str, Go], act: str, log: io.StringIO, tmp_path: Path
) -> None:
    answers: list[bytes] = []
    canaries = forced(acts[act], tmp_path, Random(act), answers, among="psea/" if act == "vault" else "")
    assert len(canaries) == POINTS
    assert found_in_tables(canaries) == set()
    assert found_in_bytes(log.getvalue().encode(), canaries) == set()
    assert found_in_bytes(b"\n".join(answers), canaries) == set()
    assert found_in_bytes("\n".join(str(one.message()) for one in mail.outbox).encode(), canaries) == set()
    assert found_in_bytes(_cached(), canaries) == set()
    assert "Forced" in log.getvalue()


def test_it_would_be_found_if_the_log_told_what_exceptions_say(
    acts: dict[str, Go], log: io.StringIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "_event", lambda record: f"{record.getMessage()} {record.exc_info}")
    canaries = forced(acts["web"], tmp_path, Random(1), [], among="receive_sealed")
    assert found_in_bytes(log.getvalue().encode(), canaries) != set()
