"""A whole installation filled by the command, twice from one seed, and served by the other command."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.sealing import new_keypair
from referrals.enums import ReferralState
from tests.stack import tables
from tests.stack.processes import Process, answers, free_port, run
from tests.standin.client import ROOT

FILL = ("demo_data", "--small", "--cases=48", "--seed=7")
SAID = {
    "cases": "select state, lane, category_id, summary, channel, place_id, sex, settled, outcome from feedback_case",
    "referrals": "select state, level, summary, receiver_name, refusal_code, answer_kind from referrals_referral",
    "people": "select name, email, organisation_id from directory_user",
    "interventions": "select key, organisation_id, place_id, sector, activity, ends_on from directory_intervention",
    "readings": "select indicator_id, year, quarter, state, number, numerator, denominator from workplan_reading",
}


def _environment(var: Path, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
    return kept | {"VAR_DIR": str(var), "PYTHONUNBUFFERED": "1"} | more


def _filled(var: Path) -> Path:
    tables.copy_files(var)
    run(["manage.py", *FILL], _environment(var))
    return var


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _filled(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _filled(tmp_path_factory.mktemp("second"))


def _rows(var: Path, query: str, database: str = "jaabi") -> list[Any]:
    with sqlite3.connect(var / f"{database}.sqlite3") as connection:
        return sorted(connection.execute(query).fetchall(), key=repr)


@pytest.mark.parametrize("what", SAID)
def test_the_same_seed_fills_the_same(first: Path, second: Path, what: str) -> None:
    assert _rows(first, SAID[what])
    assert _rows(first, SAID[what]) == _rows(second, SAID[what])


def test_sealed_cases_are_the_same_too(first: Path, second: Path) -> None:
    query = "select state from psea_sealedcase"
    assert len(_rows(first, query, "vault")) >= 5
    assert _rows(first, query, "vault") == _rows(second, query, "vault")


def test_a_referral_stands_in_every_state(first: Path) -> None:
    assert {state for (state,) in _rows(first, "select state from referrals_referral")} == set(ReferralState.values)


def test_nothing_waits_to_be_sent_and_no_mail_left(first: Path) -> None:
    assert _rows(first, "select 1 from core_outbound where state not in ('sent', 'delivered')") == []
    assert _rows(first, "select 1 from core_outbound")
    assert [path for name in ("mail", "queue") for path in (first / name).glob("*")] == []


def test_everyone_written_down_has_what_opens_their_account(first: Path) -> None:
    register = json.loads((first / "demo.json").read_text(encoding="utf-8"))
    assert set(register) >= {"base_url", "twilio", "accounts", "api_tokens"}
    for account in register["accounts"]:
        in_vault = account["role"].startswith("psea_") or account["role"] == "recovery_custodian"
        assert bool(account.get("vault_passphrase")) == in_vault
        assert "totp_secret" in account or not in_vault
    roles = {account["role"] for account in register["accounts"]}
    assert len(roles) == 15
    assert {one["organisation"] for one in register["api_tokens"]} == {"HCR", "NRC"}


def test_no_number_or_address_is_anybodys(first: Path) -> None:
    text = (first / "demo.json").read_text(encoding="utf-8")
    assert re.findall(r"\+223(?!0{4})\d{8}", text) == []
    assert set(re.findall(r"@[\w.-]+\.(\w+)", text)) == {"example"}


def test_a_second_filling_is_refused_and_changes_nothing(first: Path) -> None:
    before = _rows(first, SAID["cases"])
    done = _manage(_environment(first), *FILL)
    assert done.returncode != 0
    assert "déjà des organisations" in done.stderr
    assert _rows(first, SAID["cases"]) == before


@pytest.fixture
def served(second: Path) -> Iterator[tuple[Process, str, Path]]:
    """`manage.py demo` on what is filled already: it starts at once."""
    port = free_port()
    log = second / "demo.log"
    process = Process("demo", ["manage.py", "demo"], _environment(second, PORT=str(port)), log)
    try:
        process.wait_for(lambda: "Ctrl-C" in log.read_text(errors="replace"), 60)
        yield process, f"http://localhost:{port}", second
    finally:
        process.stop()


def test_the_demonstration_serves_its_address_and_one_signal_stops_all(served: tuple[Process, str, Path]) -> None:
    process, address, var = served
    assert answers(f"{address}/healthz")
    assert answers(f"{address}/readyz")
    assert answers(f"{address}/demo/phone/")
    assert answers(f"{address}/static/theme.css")
    assert json.loads((var / "demo.json").read_text())["base_url"] == address
    taken = _manage(_environment(var, PORT=address.rpartition(":")[2]), "demo")
    assert taken.returncode != 0
    assert "déjà pris" in taken.stderr
    os.kill(process.group, signal.SIGTERM)
    process.wait_for(lambda: "Arrêté." in process.log.read_text(errors="replace"), 30)
    assert not answers(f"{address}/healthz")


def test_a_port_that_is_none_is_said(tmp_path: Path) -> None:
    done = _manage(_environment(tmp_path, PORT="abc"), "demo")
    assert done.returncode != 0
    assert "n'est pas un port" in done.stderr
    assert "Traceback" not in done.stderr


def test_production_has_no_demonstration() -> None:
    asked = "import django; django.setup()\nfrom django.conf import settings\n"
    asked += "from django.urls import resolve, Resolver404\n"
    asked += "assert settings.PRODUCTION and 'demo' not in settings.INSTALLED_APPS\n"
    for address in ("/demo/", "/demo/phone/", "/composants/"):
        asked += f"try:\n    resolve({address!r})\n    raise SystemExit({address!r})\nexcept Resolver404:\n    pass\n"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, env=_production(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def _production() -> dict[str, str]:
    """Settings that production accepts."""
    key, index, other, signing, ring = (_encoded(secrets.token_bytes(32)) for _key in range(5))
    vault = {
        name: f"postgres://{role}@db.example/vault"
        for name, role in (
            ("VAULT_DATABASE_URL", "handlers"),
            ("VAULT_INTAKE_DATABASE_URL", "intake"),
            ("VAULT_OWNER_DATABASE_URL", "owner"),
        )
    }
    private, _public = new_keypair()
    return vault | {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "SEALING_KEYS": _encoded(private),
        "INDEX_KEY": index,
        "VAULT_INDEX_KEY": other,
        "VAULT_SEALING_KEYS": ring,
        "AUDIT_SIGNING_KEYS": signing,
        "PUBLIC_URL": "https://jaabi.example",
        "ALLOWED_HOSTS": "jaabi.example",
        "DATABASE_URL": "postgres://jaabi@db.example/jaabi",
        "REDIS_URL": "redis://queue.example/0",
        "TWILIO_ACCOUNT_SID": f"AC{'0' * 32}",
        "TWILIO_AUTH_TOKEN": key,
        "TWILIO_FROM": "+22300000000",
        "EMAIL_URL": "smtp://mail.example:25",
        "METRICS_TOKEN": key,
    }


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def _manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
