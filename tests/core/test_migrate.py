"""A migration waits for no table longer than it was told; an index built beside those who write waits for them all."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.stack.databases import on_services, own_database, storage
from tests.stack.tables import databases
from tests.standin.client import ROOT

pytestmark = [pytest.mark.services, pytest.mark.skipif(not on_services(), reason="PostgreSQL's")]
MIGRATE = """
import sys
from django.core.management import execute_from_command_line
from core.management.commands import migrate
migrate.TRIES = int(sys.argv[1])
execute_from_command_line(["manage.py", "migrate", "--verbosity=0", "--lock-timeout=0.3"])
"""
BUILDS = (
    "select count(*) from pg_stat_activity where query ilike 'create index concurrently%' and wait_event = 'virtualxid'"
)
VALID = "select indisvalid from pg_index where indexrelid = 'later_code_found'::regclass"


def test_it_gives_way_to_a_long_transaction_and_tries_again_and_an_index_is_not_cut_off(tmp_path: Path) -> None:
    with storage(tmp_path, databases()) as told:
        url = own_database(told["DATABASE_URL"])
        with (
            psycopg.connect(url) as holds,
            psycopg.connect(url) as reads,
            psycopg.connect(url, autocommit=True) as looks,
        ):
            holds.execute("select from feedback_case limit 1")
            with migrating(told, tmp_path, tries=1) as process:
                said = process.communicate()[1]
            assert (process.returncode, "tient une table depuis trop longtemps" in said) == (1, True), said
            assert "Traceback" not in said
            reads.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            reads.execute("select from core_lease limit 1")
            with migrating(told, tmp_path, tries=500) as process:
                assert process.stderr is not None
                assert "nouvel essai" in process.stderr.readline()
                holds.commit()
                while looks.execute(BUILDS).fetchone() != (1,):
                    assert process.poll() is None, process.stderr.read()
                    time.sleep(0.1)
                time.sleep(1)
                reads.commit()
                said = process.communicate()[1]
            assert (process.returncode, looks.execute(VALID).fetchone()) == (0, (True,)), said


def migrating(told: dict[str, str], var: Path, *, tries: int) -> subprocess.Popen[str]:
    """To what a later version would be."""
    environment = {"PATH": os.environ["PATH"], "DEMO": "1", "VAR_DIR": str(var)} | told
    environment["DJANGO_SETTINGS_MODULE"] = "bench.later.settings"
    command = [sys.executable, "-c", MIGRATE, str(tries)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
