"""What a monitor and staff are told: how long things wait, and nothing that tells one lane from another."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
import yaml
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from config.setup.remaining import remaining
from core import pulse, tasks
from core.backups import traces
from core.models import Lease, Outbound
from core.outbox import queue_mail, queue_sms
from feedback.working import parts
from tests.cast import Cast
from tests.psea.conftest import Vault
from tests.psea.conftest import receive as receive  # noqa: PLC0414  fixtures, by their own names
from tests.psea.conftest import vault as vault  # noqa: PLC0414

Receive = Callable[..., UUID]
Settings = Any


def gauges() -> dict[str, float]:
    lines = Client().get("/metrics").content.decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def test_strangers_do_not_find_it_and_a_monitor_bears_its_token(db: None, settings: Settings) -> None:
    settings.METRICS_TOKEN = "a-token"
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer a-token"}).status_code == 200
    settings.METRICS_TOKEN, settings.PRODUCTION = "", True
    assert Client().get("/metrics").status_code == 404


def test_what_waits_what_fails_and_who_works_are_told(cast: Cast) -> None:
    now = timezone.now()
    queue_mail("a@example.org", "x", "y")
    Outbound.objects.update(
        state=Outbound.State.QUEUED, kind=Outbound.Kind.RECEIPT, created_at=now - timedelta(hours=1), attempts=2
    )
    Lease.objects.create(name="late-referrals", until=now + timedelta(seconds=60))
    tasks.beat()
    found = gauges()
    assert 3590 < found["jaabi_receipt_oldest_seconds"] < 3700
    assert found['jaabi_gateway_retries{line="smtp"}'] == 1
    assert 0 < found['jaabi_lease_seconds_left{job="late-referrals"}'] <= 60
    assert found["jaabi_pulse_seconds"] < 30
    assert {f'jaabi_queue_depth{{queue="{name}"}}' for name in ("celery", "inbound", "notices", "slow")} <= found.keys()
    assert found["jaabi_envelope_oldest_seconds"] == found["jaabi_envelopes_waiting"] == 0


def backups_in_words() -> list[tuple[bool, str]]:
    return [(part.is_well, part.sentence) for part in parts(timezone.now()) if part.name == "Sauvegardes"]


def test_how_old_backups_are_is_told_in_a_number_and_in_words(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    now = timezone.now()
    assert gauges()["jaabi_backup_age_seconds"] == float("inf")
    assert backups_in_words() == [], "a demonstration wants none"
    settings.PRODUCTION = True
    assert [said.startswith("Aucune") for _is_well, said in backups_in_words()] == [True]
    settings.PRODUCTION, settings.BACKUP_RECIPIENTS, settings.BACKUP_VAULT_RECIPIENTS = False, ["age1a"], ["age1b"]
    traces.note(traces.SET, now - timedelta(hours=27))
    assert backups_in_words() == [(False, "La dernière nuit n’a pas été sauvegardée.")]
    traces.note(traces.SET, now - timedelta(hours=1))
    assert 3599 < gauges()["jaabi_backup_age_seconds"] < 3700
    if traces.has_wal():
        assert gauges()["jaabi_wal_age_seconds"] == float("inf")
        traces.note(traces.of_wal("all"), now - timedelta(minutes=16))
        assert 959 < gauges()["jaabi_wal_age_seconds"] < 1100
        assert backups_in_words() == [(False, "Ce qui a changé depuis la nuit n’est pas encore en sûreté.")]
        traces.note(traces.of_wal("all"), now)
    assert [is_well for is_well, _said in backups_in_words()] == [True]
    (item,) = [item for item in remaining(tmp_path) if item.said.startswith("sauvegardes")]
    assert item.is_done


def test_a_sealed_case_that_nobody_opens_and_an_ordinary_one_tell_the_same(vault: Vault, receive: Receive) -> None:
    """One answer for every lane, and no number of anything sealed."""
    before = gauges()
    receive()
    fresh = gauges()
    assert before["jaabi_first_look_late"] == fresh["jaabi_first_look_late"] == 0
    assert {name for name, value in fresh.items() if value != before[name] and "seconds" not in name} <= {
        # all that leaves, together: an officer on duty was told by mail
        'jaabi_outbound{state="sent"}',
        "jaabi_audit_unchained", 'jaabi_database_connections{database="default"}',
        'jaabi_database_connections{database="vault"}',
    }  # fmt: skip
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert gauges()["jaabi_first_look_late"] == 1


@pytest.mark.once
@pytest.mark.usefixtures("db")
def test_every_gauge_that_an_alert_or_the_dashboard_names_exists() -> None:
    told = set(re.findall(r"^# TYPE (\w+)", Client().get("/metrics").content.decode(), re.MULTILINE))
    alerts = (settings.BASE_DIR / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8")
    dashboard = (settings.BASE_DIR / "deploy/grafana/jaabi.json").read_text(encoding="utf-8")
    rules = yaml.safe_load(alerts)["groups"][0]["rules"]
    named = set(re.findall(r"\bjaabi_\w+", " ".join(rule["expr"] for rule in rules) + dashboard))
    assert len(named) > 15
    assert named <= told
    assert all(rule["labels"]["severity"] in ("page", "ticket") for rule in rules)


@pytest.mark.once
@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_the_rules_wake_somebody_when_they_must(tmp_path: Path) -> None:
    rules = settings.BASE_DIR / "deploy/prometheus/alerts.yml"
    told = Path(__file__).with_name("alerts.yml").read_text(encoding="utf-8").replace("RULES", str(rules))
    (tmp_path / "told.yml").write_text(told, encoding="utf-8")
    done = subprocess.run(
        ["promtool", "test", "rules", str(tmp_path / "told.yml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.once
@pytest.mark.skipif(shutil.which("caddy") is None, reason="caddy is not installed")
@pytest.mark.parametrize("webs", ["127.0.0.1:8000", "10.0.0.11:8000 10.0.0.12:8000"])
def test_the_tls_front_reads_its_file(webs: str) -> None:
    command = ["caddy", "adapt", "--config", str(settings.BASE_DIR / "deploy/Caddyfile")]
    told = {"PATH": os.environ["PATH"], "JAABI_HOST": "jaabi.example", "JAABI_WEB": webs, "HOME": "/nonexistent"}
    done = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "request>uri" in json.loads(done.stdout)["logging"]["logs"]["log0"]["encoder"]["fields"]
    assert re.findall(r'"dial":"([^"]+)"', done.stdout.replace(" ", "")) == webs.split()


# -- in words --------------------------------------------------------------------------------------------------------


def test_staff_read_that_all_is_well_and_then_what_is_not(cast: Cast, signed_in: Callable[[Any], Client]) -> None:
    tasks.beat()
    client = signed_in(cast.oumar)
    well = client.get("/settings/etat/").content.decode()
    assert "rien n’est en panne" in well
    queue_sms("+22300000012", "x", kind=Outbound.Kind.RECEIPT)
    Outbound.objects.update(state=Outbound.State.QUEUED, created_at=timezone.now() - timedelta(hours=1))
    cache.delete(pulse.KEY)
    ill = client.get("/settings/etat/").content.decode()
    assert "Pas tout" in ill
    assert [part.name for part in parts(timezone.now()) if not part.is_well] == [
        "Accusés de réception",
        "Travail de fond",
    ]
