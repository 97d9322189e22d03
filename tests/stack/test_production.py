"""What the commands of `bench` find on short runs, one after another in any order, on one product: nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from bench import kill, restore, upgrade
from bench.production import Production, production
from bench.programs import found
from core.backups.servers import servers
from tests.stack.databases import on_services

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not on_services(), reason="make test-services runs it"),
    pytest.mark.skipif(not (found("initdb") and found("redis-server")), reason="no server programs on this machine"),
]


@pytest.fixture(scope="module")
def product() -> Iterator[Production]:
    with production(is_apart=True) as made:
        yield made


def test_nothing_is_lost_doubled_or_readable_when_parts_are_killed(product: Production) -> None:
    assert kill.run_on(product, points=4, seconds=10, seed=3, rate=8) == []


def test_both_servers_are_lost_and_restored_and_worked_with(
    product: Production, capfd: pytest.CaptureFixture[str]
) -> None:
    assert restore.run_on(product, cases=0, every=2) == []
    said = capfd.readouterr().out
    assert "ordinary : lignes 1 à 1, signées jusqu'à 1" in said
    # Two, where an hour began meanwhile.
    assert re.search(r"^OK : ([12]) points de contrôle, dont \1 gardés par un témoin", said, re.MULTILINE)
    assert re.search(r"^SEALING_KEYS : .* ; 1 détruit\(s\) depuis ; 1 s'ouvrent encore", said, re.MULTILINE)
    assert re.search(r"^VAULT_SEALING_KEYS : .* ; 3 détruit\(s\) depuis ; 3 s'ouvrent encore", said, re.MULTILINE)


def test_nobody_notices_that_a_later_version_migrates(product: Production) -> None:
    assert upgrade.run(product, seconds=3, rate=8) == []


def test_two_databases_of_one_server_are_one_part_that_is_the_vaults(settings: Any) -> None:
    assert list(servers()) == ["all"]
    settings.BACKUP_VAULT_DATABASE_URL = "postgres://replicates@vault.example:5432/postgres"
    assert {name: server.place[0] for name, server in servers().items()}["vault"] == "vault.example"
