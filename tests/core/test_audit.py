"""The audit: chained whole, append-only, signed with counts hidden, verified by a program that needs nothing."""

from __future__ import annotations

import base64
import json
import secrets
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, transaction

from bench import audit as bench
from core import audit, audit_export, checkpoints, clocks, tasks
from core.actors import PERSON, SYSTEM, Named
from core.audit_hashes import row_hash, row_of
from core.audit_keys import public_keys
from core.models import AuditEntry, AuditHead, Checkpoint
from verifier.verify_audit import Export, check_chain, check_points

VERIFIER = Path(settings.BASE_DIR) / "verifier" / "verify_audit.py"
MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
Lines = list[dict[str, Any]]


def act(count: int = 1, using: str = "default", **facts: Any) -> None:
    for number in range(count):
        audit.record("test.act", by=SYSTEM if number % 2 else PERSON, using=using, number=number, **facts)


def hours(count: int, rows: int = 3) -> None:
    """So many hours of acts in both databases, each signed at its end."""
    for hour in range(count):
        now = MORNING + timedelta(hours=hour)
        with time_machine.travel(now, tick=False):
            act(rows)
            act(1, "vault")
            checkpoints.make_checkpoint(now)


def exported(using: str = "default") -> Lines:
    return [json.loads(line) for line in audit_export.whole(using)]


def points() -> Lines:
    return [json.loads(line) for line in Checkpoint.objects.order_by("number").values_list("line", flat=True)]


def faults(lines: Lines, shown: Lines | None = None, *, partial: bool = False) -> list[str]:
    export = Export(lines, partial=partial)
    return list(check_chain(export, points() if shown is None else shown, partial=partial))


# -- the chain -------------------------------------------------------------------------------------------------------


def test_rows_are_chained_where_the_chain_stopped_a_late_one_after_those_before(db: None) -> None:
    with time_machine.travel(MORNING, tick=False):
        act(3)
        assert audit.chain() == 3
    with time_machine.travel(MORNING - timedelta(minutes=2), tick=False):
        act(1, late=True)
    assert audit.chain() == 1
    by_position = AuditEntry.objects.order_by("position").values_list("position", "facts__late")
    assert list(by_position) == [(1, None), (2, None), (3, None), (4, True)]


def test_both_databases_have_their_own_chain_that_begins_with_its_name(db: None) -> None:
    assert audit.head("default") != audit.head("vault")
    act(1)
    act(1, "vault")
    assert (audit.chain("default"), audit.chain("vault")) == (1, 1)
    assert [entry.facts for entry in AuditEntry.objects.using("vault")] == [{"number": 0}]


def test_the_chain_covers_every_column_and_its_form_does_not_change(db: None) -> None:
    columns = {field.name for field in AuditEntry._meta.concrete_fields}
    moment = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
    entry = AuditEntry(
        id=UUID("0d3b1a52-7a3e-4b1c-9a55-0f6f2f9b8c11"),
        recorded_at=moment,
        happened_at=moment,
        act="feedback.case.close",
        actor_kind="user",
        actor_id="7",
        target_table="feedback_case",
        target_id="a",
        facts={"élan": "«\u2028»", "n": 1, "ok": None},
    )
    assert set(row_of(entry)) == columns - {"position", "chain_hash"}
    assert row_hash(entry) == "718532c9fe57cd6d7c4f88e7d27b98c07102927b3bb69fbae84c2ad9b6d20eb6"
    assert audit.head() == (0, "70ad937fdfe7ce4bdff8230060fdacd90adc7e11043a9f5740d59aadcda63399")


@pytest.mark.parametrize("using", ["default", "vault"])
def test_a_chained_row_is_neither_changed_nor_removed_whoever_asks(db: None, using: str) -> None:
    act(2, using)
    audit.chain(using)
    rows = AuditEntry.objects.using(using)
    for harm in (lambda: rows.update(act="x"), lambda: rows.update(position=None, chain_hash=""), rows.all().delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(using=using):
            harm()
    assert rows.filter(act="test.act").count() == 2


def test_a_row_has_a_place_and_a_hash_or_neither(db: None) -> None:
    act(1)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.update(chain_hash="a" * 64)


# -- checkpoints -----------------------------------------------------------------------------------------------------


def test_a_checkpoint_says_how_much_happened_to_nobody(db: None) -> None:
    """An hour without anything looks like any other: what is published must not tell lanes apart."""
    hours(1, rows=4)
    checkpoints.make_checkpoint(MORNING + timedelta(hours=1))
    first, second = points()
    assert set(first) == set(second) == {"at", "keys", "number", "ordinary", "previous", "signatures", "vault"}
    told = [first["ordinary"], first["vault"], second["ordinary"], second["vault"]]
    assert len(set(told)) == 4, "nothing moved in the second hour, and it cannot be seen"
    assert {len(one) for one in told} == {64}
    assert [head.size for head in AuditHead.objects.order_by("made_at")] == [4, 4]
    assert [head.size for head in AuditHead.objects.using("vault").order_by("made_at")] == [1, 1]


def test_a_checkpoint_follows_one_of_a_clock_that_was_ahead(db: None) -> None:
    act(2)
    checkpoints.make_checkpoint(MORNING + timedelta(minutes=4))
    checkpoints.make_checkpoint(MORNING)
    assert list(check_points(points(), public_keys()[0], points())) == []


def test_a_machine_whose_clock_is_wrong_signs_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "apart", lambda: timedelta(minutes=6))
    tasks.make_checkpoint()
    assert not Checkpoint.objects.exists()
    monkeypatch.undo()
    assert clocks.apart() < timedelta(minutes=1)
    tasks.make_checkpoint()
    assert Checkpoint.objects.count() == 1


def test_whoever_trusts_the_old_key_learns_the_new_one_from_it(db: None, settings: Any) -> None:
    old, new = settings.AUDIT_SIGNING_KEYS, [base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()]
    key = public_keys()[0]
    for hour, ring in enumerate((old, new + old, new)):
        settings.AUDIT_SIGNING_KEYS = ring
        checkpoints.make_checkpoint(MORNING + timedelta(hours=hour))
    shown = points()
    assert list(check_points(shown, key, shown)) == []
    assert "aucune signature d'une clé connue" in next(check_points([shown[0], shown[2]], key, []))
    assert list(check_points(shown, base64.urlsafe_b64encode(b"k" * 32).decode(), []))


# -- the verifier ----------------------------------------------------------------------------------------------------


def test_an_untouched_export_holds_and_rows_not_signed_yet_are_no_fault(db: None) -> None:
    hours(3)
    act(2)
    audit.chain()
    assert faults(exported()) == faults(exported("vault")) == []
    assert list(check_points(points(), public_keys()[0], points()[1:])) == []


def test_the_verifier_needs_nothing_of_ours(db: None, tmp_path: Path) -> None:
    """Run by a bare interpreter elsewhere, on what the command writes and on a mail as it was saved."""
    with time_machine.travel(MORNING, tick=False):
        act(1, code="\u2028")
    hours(2)
    files = {name: tmp_path / f"{name}.jsonl" for name in ("ordinary", "vault", "points")}
    for name, path in files.items():
        written = StringIO()
        call_command("export_audit", name, stdout=written)
        path.write_text(written.getvalue(), "utf-8")
    mail = tmp_path / "courriel.txt"
    mail.write_text("Bonjour,\n\n" + files["points"].read_text("utf-8") + "\nJaabi", "utf-8")
    asked = ["--key", public_keys()[0], "--points", "points.jsonl", "--witness", "courriel.txt", "ordinary.jsonl"]

    def verified(*more: str) -> tuple[int, str]:
        command = [sys.executable, "-I", str(VERIFIER), *asked, *more]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
        return done.returncode, done.stdout + done.stderr

    status, said = verified("vault.jsonl")
    assert (status, "OK : 2 points de contrôle, dont 2 gardés par un témoin" in said) == (0, True), said
    files["ordinary"].write_text(files["ordinary"].read_text("utf-8").replace("test.act", "test.acte", 1), "utf-8")
    status, said = verified()
    assert (status, "la ligne 1 n'est plus celle qui fut enchaînée" in said) == (1, True), said


def test_a_row_added_after_the_fact_is_seen_though_our_own_job_chained_it(db: None) -> None:
    hours(4)
    with time_machine.travel(MORNING + timedelta(minutes=30), tick=False):
        act(1, slipped=True)
    checkpoints.make_checkpoint(MORNING + timedelta(hours=4))
    assert ["la ligne 13 se dit du 2026-03-02T08:30" in fault for fault in faults(exported())] == [True]


def test_a_row_given_as_a_hash_alone_passes_in_an_organisations_export_only(db: None) -> None:
    hours(1)
    lines = exported()
    lines[-1] = {name: lines[-1][name] for name in ("position", "chain_hash")} | {
        "row_hash": row_hash(AuditEntry.objects.get(position=3))
    }
    assert faults(lines, partial=True) == []
    assert faults(lines) == ["ordinary : la ligne 3 n'est donnée que par son empreinte"]


def test_what_one_platform_signed_twice_over_is_seen_by_a_witness_only(db: None) -> None:
    hours(2)
    kept, key = points(), public_keys()[0]
    Checkpoint.objects.all().delete()
    hours(2)
    assert list(check_points(points(), key, [])) == []
    assert list(check_points(points(), key, kept))
    assert "ne le montre plus" in next(check_points(points()[:1], key, points()[1:]))
    forged = kept[0] | {"ordinary": "0" * 64}
    assert "la plateforme ne l'a pas signé" in next(check_points(points(), key, [forged]))


def test_an_organisations_export_is_of_whole_days_and_verifies_from_any_of_them(db: None) -> None:
    for day in range(4):
        with time_machine.travel(MORNING + timedelta(days=day), tick=True):
            act(2)
            audit.record("test.theirs", by=Named("user", "7"))
            for hour in range(3):
                checkpoints.make_checkpoint(MORNING + timedelta(days=day, hours=hour))
    with time_machine.travel(MORNING + timedelta(days=3, hours=9), tick=False):
        span = audit_export.days(MORNING.date() + timedelta(days=1), MORNING.date() + timedelta(days=9))
        assert audit_export.days(MORNING.date() + timedelta(days=3), MORNING.date() + timedelta(days=3)) is None
    assert span is not None
    assert [head.size for head in span.heads] == [6, 9], "one for each day that is over"
    lines = [json.loads(one) for one in audit_export.partial(span, AuditEntry.objects.filter(act="test.theirs"))]
    assert [(line["position"], line.get("row", {}).get("act")) for line in lines if "position" in line] == [
        (4, None), (5, None), (6, "test.theirs"), (7, None), (8, None), (9, "test.theirs"),
    ]  # fmt: skip
    assert faults(lines, partial=True) == []
    assert faults([lines[0] | {"chain_hash": "0" * 64}, *lines[1:]], partial=True)
    assert (
        "rien n'est prouvé"
        in faults([one for one in lines if one.get("size") != 3 or "nonce" not in one], partial=True)[-1]
    )


def test_random_tampering_is_found_with_a_witness_every_time(db: None) -> None:
    """A short run of `bench.audit`; a long one is in docs/measurements.md."""
    found, alarms = bench.run(each=6, rows=48, seed=5)
    assert alarms == 0
    assert {pair: count.witnessed for pair, count in found.items()} == dict.fromkeys(found, 6)
    alone = {kind: count.alone for (kind, attacker), count in found.items() if attacker == bench.ATTACKERS[2]}
    del alone["swap"]  # may be betrayed by the hours that the rows say
    assert set(alone.values()) == {0}, "nothing but a witness finds who holds the key"
