"""The vault's two PostgreSQL roles, tried with real roles on a real server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, ProgrammingError, connections, transaction
from django.test import Client

from core.checkpoints import make_checkpoint
from core.models import AuditEntry, AuditHead
from psea import actions
from psea.checks import refuse_unsafe_roles
from psea.database_roles import create_missing, grants, unsafe_roles
from psea.databases import INTAKE, OWNER, VAULT
from psea.lookups import questions_for, sealed_phone, stage_of
from psea.models import SealedCase
from tests.psea.conftest import NUMBER, PHONE, Vault

Receive = Callable[..., UUID]
on_postgresql = pytest.mark.skipif(
    os.environ.get("JAABI_TEST_SERVICES") != "1", reason="roles are PostgreSQL's: make test-services"
)
ROLES = {"jaabi_test_handlers": "invented-1", "jaabi_test_intake": "invented-2"}


@pytest.fixture
def roles(vault: Vault) -> None:
    """Both roles, made and granted inside the test's own transaction."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("set constraints all immediate")  # what the enrolments left to be checked
        cursor.execute("set constraints all deferred")
        create_missing(cursor, ROLES)
        for _twice in range(2):
            for statement in grants(handlers="jaabi_test_handlers", intake="jaabi_test_intake"):
                cursor.execute(statement)


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")
        cursor.execute(f'set local role "{role}"')
        try:
            yield
        finally:
            cursor.execute("reset role")


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError:
        return True
    return False


@on_postgresql
@pytest.mark.usefixtures("roles")
class TestIntake:
    def test_receives_adds_and_looks_up(self, vault: Vault, receive: Receive) -> None:
        added = {"receipt_number": NUMBER, "phone": None, "words": "…", "channel": "sms", "by": vault.cast.adama}
        with acting_as("jaabi_test_intake"):
            first, again = receive(), receive()
            stage = stage_of(NUMBER)
            sealed = sealed_phone(PHONE)
            joined = actions.add_to_sealed(source_id="SM9", said_at=datetime.now(UTC), **added)  # type: ignore[arg-type]
            assert questions_for(NUMBER, "246810") == []

        assert first == again
        assert stage is not None
        assert (sealed, joined) == (True, True)
        assert SealedCase.objects.using(VAULT).filter(pk=first).exists()
        assert unsafe_roles(INTAKE) != []

    def test_reads_a_question_for_whoever_has_number_and_code_and_lists_none(
        self, vault: Vault, receive: Receive
    ) -> None:
        case_id = receive(code="246810")
        actions.open_case(case_id=case_id, **vault.as_("aminata"))
        actions.ask_person(case_id=case_id, words="Quand était-ce ?", **vault.as_("aminata"))
        with acting_as("jaabi_test_intake"):
            assert [words for words, _at in questions_for(NUMBER, "246810")] == ["Quand était-ce ?"]
            assert questions_for(NUMBER, "246811") == []
            with connections[OWNER].cursor() as cursor:
                cursor.execute("select count(*) from psea_question")
                assert cursor.fetchone() == (0,)

    @pytest.mark.parametrize(
        "statement",
        [
            "select id from psea_sealedcase",
            "select case_id from psea_question",
            "select words from psea_question",
            "select words from psea_sealedcase",
            "select blob from psea_wrap",
            "select locked_private from psea_handlerkey",
            "select words from psea_sealedmessage",
            "select id from psea_receipt",
            "select id from psea_release",
            "select act from core_auditentry",
            "select size from core_audithead",
            "update psea_sealedcase set words = null",
            "update psea_receipt set stage = 'answered'",
            "update psea_handlerkey set public_key = ''",
            "delete from psea_wrap",
            "delete from psea_receipt",
            "truncate psea_receipt",
            "insert into psea_handlerkey (id) values (gen_random_uuid())",
            "create table psea_mine (id int)",
            "drop table psea_wrap",
            "alter table psea_wrap disable row level security",
        ],
    )
    def test_may_do_nothing_else(self, receive: Receive, statement: str) -> None:
        receive()
        with acting_as("jaabi_test_intake"):
            assert refused(statement)

    def test_cannot_insert_a_case_that_is_further_on(self, receive: Receive) -> None:
        when = datetime.now(UTC)
        case = SealedCase(received_at=when, state_since=when, thread_tag="x", state="reclassified")
        with acting_as("jaabi_test_intake"), pytest.raises(DatabaseError), transaction.atomic(using=OWNER):
            case.save(using=INTAKE, force_insert=True)

    def test_sees_no_retired_key_and_no_old_trace(self, vault: Vault, receive: Receive) -> None:
        vault.enrol("aminata")
        with acting_as("jaabi_test_intake"), connections[OWNER].cursor() as cursor:
            cursor.execute("select count(*) from psea_handlerkey where retired_at is not null")
            assert cursor.fetchone() == (0,)


@on_postgresql
@pytest.mark.usefixtures("roles")
class TestHandlers:
    def test_work_a_case_from_end_to_end(self, vault: Vault, receive: Receive) -> None:
        case_id = receive()
        pam = vault.cast.organisations["pam"].pk
        with acting_as("jaabi_test_handlers"):
            actions.open_case(case_id=case_id, **vault.as_("aminata"))
            actions.extract_facts(case_id=case_id, **vault.as_("aminata"))
            actions.transmit(case_id=case_id, organisation_id=pam, **vault.as_("aminata"))
            actions.acknowledge(case_id=case_id, by=vault.cast.hawa)
        assert SealedCase.objects.using(VAULT).get(pk=case_id).state == "acknowledged"

    @pytest.mark.parametrize(
        "statement",
        [
            "update core_auditentry set act = 'x'",
            "delete from core_auditentry",
            "update core_audithead set size = 0",
            "delete from core_audithead",
            "update psea_release set numerator = 1",
            "delete from psea_release",
            "create table psea_mine (id int)",
            "drop policy handlers on psea_wrap",
            "truncate psea_wrap",
        ],
    )
    def test_cannot_rewrite_the_audit_the_ledger_or_the_rules(self, statement: str) -> None:
        with acting_as("jaabi_test_handlers"):
            assert refused(statement)

    def test_chain_the_audit_and_commit_to_its_head(self, receive: Receive, vault: Vault) -> None:
        case_id = receive()
        actions.open_case(case_id=case_id, **vault.as_("aminata"))
        with acting_as("jaabi_test_handlers"):
            make_checkpoint(datetime.now(UTC))
        assert AuditHead.objects.using(VAULT).get().size == AuditEntry.objects.using(VAULT).count() > 0

    def test_the_roles_own_nothing_and_bypass_nothing(self) -> None:
        for role in ROLES:
            with acting_as(role):
                assert unsafe_roles(VAULT) == []


@on_postgresql
def test_the_owner_is_refused(vault: Vault) -> None:
    assert AuditEntry.objects.using(VAULT).exists()
    assert "possède le coffre" in " ".join(unsafe_roles(VAULT))


def test_the_statements_quote_the_names() -> None:
    statements = " ".join(grants(handlers='odd"name', intake="intake"))

    assert '"odd""name"' in statements
    assert " odd" not in statements


@pytest.mark.skipif(os.environ.get("JAABI_TEST_SERVICES") == "1", reason="on PostgreSQL the roles are real")
def test_sqlite_has_no_roles_to_refuse(db: None) -> None:
    assert unsafe_roles(VAULT) == []


def test_production_starts_and_is_ready_only_with_narrow_roles(
    db: None, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_unsafe_roles()
    settings.PRODUCTION = True
    monkeypatch.setattr("psea.checks.unsafe_roles", lambda alias: [])
    refuse_unsafe_roles()
    assert "vault_roles" not in client.get("/readyz").json()["faults"]

    monkeypatch.setattr("psea.checks.unsafe_roles", lambda alias: [f"Le rôle de « {alias} » possède le coffre."])
    with pytest.raises(ImproperlyConfigured, match="« vault_intake » possède le coffre"):
        refuse_unsafe_roles()
    answer = client.get("/readyz")
    assert (answer.status_code, "vault_roles" in answer.json()["faults"]) == (503, True)


@on_postgresql
@pytest.mark.usefixtures("roles")
def test_production_refuses_the_owner_and_takes_the_handlers(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured, match="possède le coffre"):
        refuse_unsafe_roles()
    with acting_as("jaabi_test_handlers"):
        refuse_unsafe_roles()
