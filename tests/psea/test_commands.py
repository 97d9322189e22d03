from __future__ import annotations

import os
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import checks
from django.core.management import CommandError, call_command
from django.db import connections

from psea.database_roles import grants
from psea.databases import OWNER
from psea.management.commands import vault_roles
from tests.vault_keys import recovery_key


def test_without_a_recovery_key_or_two_pins_the_deployment_check_fails(cast: Any) -> None:
    def found() -> set[str | None]:
        return {message.id for message in checks.run_checks(tags=["vault"], include_deployment_checks=True)}

    assert "psea.E003" in found()
    recovery_key()
    assert not {"psea.E003", "psea.E004"} & found()


@pytest.mark.skipif(os.environ.get("JAABI_TEST_SERVICES") == "1", reason="on PostgreSQL there are roles to set")
def test_the_roles_command_says_that_sqlite_has_none(cast: Any) -> None:
    with pytest.raises(CommandError, match="PostgreSQL"):
        call_command("vault_roles")


def on_a_server(monkeypatch: pytest.MonkeyPatch, **users: str) -> None:
    """As the settings of production name the three roles."""
    known = {
        alias: SimpleNamespace(vendor="postgresql", settings_dict={"USER": user, "PASSWORD": "invented"})
        for alias, user in users.items()
    }
    monkeypatch.setattr(vault_roles, "connections", known)


def test_the_roles_command_shows_what_it_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of roles are those of the settings, and never run into a statement."""
    on_a_server(monkeypatch, vault='h"x', vault_intake="i", vault_owner="o")
    call_command("vault_roles", "--print", stdout=(out := StringIO()))
    statements = [line.rstrip(";") for line in out.getvalue().splitlines()]
    assert statements == grants(handlers='h"x', intake="i")
    assert 'grant select, insert on psea_release, core_auditentry, core_audithead to "h""x"' in statements
    assert not [one for one in statements if one.endswith('to "i"') and ("update" in one or "delete" in one)]
    assert "invented" not in out.getvalue(), "no password is shown"


def test_the_roles_command_wants_three_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    on_a_server(monkeypatch, vault="h", vault_intake="h", vault_owner="o")
    with pytest.raises(CommandError, match="trois rôles"):
        call_command("vault_roles", "--print")


ROLES = {"vault": "jaabi_command_h", "vault_intake": "jaabi_command_i", "vault_owner": "postgres"}


@pytest.mark.skipif(os.environ.get("JAABI_TEST_SERVICES") != "1", reason="roles are PostgreSQL's: make test-services")
def test_the_roles_command_makes_both_roles_and_can_run_again(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault_roles, "_login", lambda alias: (ROLES[alias], "invented"))
    call_command("vault_roles", stdout=StringIO())
    call_command("vault_roles", stdout=StringIO())

    with connections[OWNER].cursor() as cursor:
        cursor.execute("select has_table_privilege('jaabi_command_i', 'psea_sealedcase', 'insert')")
        may_insert = cursor.fetchone()
        cursor.execute("select has_any_column_privilege('jaabi_command_i', 'psea_sealedcase', 'select, update')")
        may_read = cursor.fetchone()
    assert (may_insert, may_read) == ((True,), (False,))


@pytest.mark.skipif(os.environ.get("JAABI_TEST_SERVICES") != "1", reason="roles are PostgreSQL's: make test-services")
def test_the_roles_command_refuses_one_role_for_two_aliases(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault_roles, "_login", lambda alias: ("postgres", ""))
    with pytest.raises(CommandError, match="trois rôles"):
        call_command("vault_roles")
