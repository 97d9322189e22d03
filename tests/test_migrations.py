"""Every migration but an app's first may be applied while the previous version serves, or says that it may not."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from tests.architecture_rules import LINE
from tests.migration_rules import faults

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def loader() -> MigrationLoader:
    return MigrationLoader(None)


def test_the_project_keeps_the_rules(loader: MigrationLoader) -> None:
    later = [one for (app, name), one in loader.disk_migrations.items() if app in LINE and not name.startswith("0001")]
    assert later
    assert [fault for one in later for fault in faults(loader, one)] == []


_serial = count()
LATER = models.TextField(null=True)
INDEX = models.Index(fields=["state"], name="later")


def planted(loader: MigrationLoader, operations: list[Any], **said: str) -> list[str]:
    """What the rules say of a migration that does this to the cases after all that is there."""
    last = max(name for app, name in loader.disk_migrations if app == "feedback")
    told = {"dependencies": [("feedback", last)], "operations": operations} | said
    name = f"9999_planted_{next(_serial)}"
    made = type("Migration", (migrations.Migration,), told)(name, "feedback")
    loader.graph.add_node(("feedback", name), made)
    loader.graph.add_dependency(made, ("feedback", name), ("feedback", last))
    return faults(loader, made)


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        (migrations.AddField("case", "later", models.TextField(default="")), "must have a value"),
        (migrations.AddField("case", "later", models.TextField(db_default="")), ""),
        (migrations.AddField("case", "later", LATER), ""),
        (migrations.RemoveField("case", "summary"), "drops a column"),
        (migrations.RenameField("case", "summary", "line"), "renames a column"),
        (migrations.DeleteModel("Case"), "drops a table"),
        (migrations.AlterField("case", "summary", models.CharField(max_length=5)), "shortens summary"),
        (migrations.AlterField("case", "summary", models.IntegerField()), "changes the type of summary"),
        (migrations.AlterField("case", "receipt_hash", models.CharField(max_length=64, null=True)), ""),
        (migrations.AddIndex("case", INDEX), "AddIndexConcurrently"),
        (AddIndexConcurrently("case", INDEX), ""),
        (migrations.AddConstraint("case", models.UniqueConstraint(fields=["reference"], name="x")), "adds x"),
        (migrations.RunSQL("select 1"), "does not say why"),
        (migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("case", "summary")]), ""),
        (migrations.SeparateDatabaseAndState([migrations.RemoveField("case", "summary")]), "no rule says anything"),
        (migrations.CreateModel("Later", [("id", models.AutoField(primary_key=True))]), ""),
    ],
)
def test_what_the_previous_version_would_not_bear_is_found(loader: MigrationLoader, operation: Any, fault: str) -> None:
    found = planted(loader, [operation])
    assert ([fault in one for one in found] == [True]) if fault else (found == [])


def test_a_migration_may_contract_once_it_says_so_and_does_one_thing(loader: MigrationLoader) -> None:
    assert planted(loader, [migrations.RemoveField("case", "summary")], contracts="unused since 1.4") == []
    two = [migrations.AddField(name, "later", LATER) for name in ("case", "envelope")]
    assert ["locks case and envelope at once" in one for one in planted(loader, two)] == [True]
    mixed = [migrations.AddField("case", "later", LATER), migrations.RunSQL("select 1")]
    assert ["tables and rows together" in one for one in planted(loader, mixed, beside_previous="x")] == [True]
