"""A whole loss of both PostgreSQL servers, on a short run: restored, and worked with."""

from __future__ import annotations

import pytest

from bench import restore
from bench.programs import found
from core.backups.servers import servers
from tests.stack.databases import on_services

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not on_services(), reason="make test-services runs it"),
    pytest.mark.skipif(not (found("initdb") and found("redis-server")), reason="no server programs on this machine"),
]


def test_what_both_servers_held_is_worked_with_again_and_nothing_is_lost_or_doubled(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert restore.run(cases=0, every=2) == []
    said = capfd.readouterr().out
    assert "OK : 1 points de contrôle, dont 1 gardés par un témoin" in said
    assert "0 détruit(s) depuis" in said


def test_two_databases_of_one_server_are_one_part_that_is_the_vaults(settings: object) -> None:
    assert list(servers()) == ["all"]
    settings.BACKUP_VAULT_DATABASE_URL = "postgres://replicates@vault.example:5432/postgres"  # type: ignore[attr-defined]
    assert {name: server.address.get("host") for name, server in servers().items()}["vault"] == "vault.example"
    assert set(servers()) == {"ordinary", "vault"}
