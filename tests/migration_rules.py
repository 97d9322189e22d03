"""Whether a migration may be applied while the previous version of the code still serves (expand, migrate, contract).

What breaks the previous version, or stops writers for long, is allowed to a migration that says so:
`contracts = "…"` (it runs once the previous version is gone: since when nothing uses what it takes away), or, for what
no rule can read, `beside_previous = "…"` (why the previous version does not mind).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Field
from django.db.models.fields import NOT_PROVIDED

TAKES_AWAY = {
    migrations.DeleteModel: "drops a table that the previous version reads",
    migrations.RemoveField: "drops a column that the previous version reads and writes",
    migrations.RenameModel: "renames a table",
    migrations.RenameField: "renames a column",
    migrations.AlterModelTable: "renames a table",
}
SAFE = (
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    migrations.RemoveIndex,
    migrations.RenameIndex,
    migrations.RemoveConstraint,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
)
UNREAD = (migrations.RunPython, migrations.RunSQL)


def faults(loader: MigrationLoader, migration: Migration) -> list[str]:
    """One line for each operation that the previous version would not bear; none where the migration says why."""
    if getattr(migration, "contracts", ""):
        return []
    name = f"{migration.app_label}.{migration.name}"
    # copied: each operation is judged on the tables as those before it left them
    state = loader.project_state((migration.app_label, migration.name), at_end=False).clone()
    found = list(_faults(migration, state))
    if migration.atomic and len(locked := _locked(migration)) > 1:
        found.append(f"locks {' and '.join(locked)} at once, in which serving deadlocks: a migration for each")
    if any(isinstance(one, UNREAD) for one in migration.operations) and len(migration.operations) > 1:
        found.append("changes tables and rows together: two migrations, so that one can be stopped")
    return [f"{name} {fault}" for fault in found]


def _locked(migration: Migration) -> list[str]:
    """The tables that were there before and that it keeps others out of until its end."""
    fresh = {one.name_lower for one in migration.operations if isinstance(one, migrations.CreateModel)}
    changed = {_model(one) for one in migration.operations if not isinstance(one, UNREAD)}
    return sorted(changed - fresh)


def _faults(migration: Migration, state: ProjectState) -> Iterator[str]:
    fresh: set[str] = set()
    for operation in migration.operations:
        if isinstance(operation, migrations.CreateModel):
            fresh.add(operation.name_lower)
        elif _model(operation) not in fresh:
            fault = _fault(migration, operation, state)
            if fault:
                yield fault
        operation.state_forwards(migration.app_label, state)


def _model(operation: Operation) -> str:
    named: str = getattr(operation, "model_name_lower", "") or getattr(operation, "name_lower", "")
    return named


def _fault(migration: Migration, operation: Any, state: ProjectState) -> str:
    if isinstance(operation, migrations.SeparateDatabaseAndState) and not operation.database_operations:
        return ""  # it changes what the code knows, and nothing in the database
    if isinstance(operation, UNREAD):
        return "" if getattr(migration, "beside_previous", "") else "does what no rule can read, and does not say why"
    if isinstance(operation, migrations.AddField):
        return _added(operation.name, operation.field)
    if isinstance(operation, migrations.AlterField):
        before = state.models[migration.app_label, operation.model_name_lower].fields[operation.name]
        return _altered(operation.name, before, operation.field)
    if isinstance(operation, AddConstraintNotValid | migrations.AddConstraint):
        return f"adds {operation.constraint.name}, which the previous version does not know to keep"
    if isinstance(operation, migrations.AddIndex) and not isinstance(operation, SAFE):
        return f"makes {operation.index.name} while nobody may write: AddIndexConcurrently"
    for kind, why in TAKES_AWAY.items():
        if isinstance(operation, kind):
            return why
    return "" if isinstance(operation, SAFE) else f"does {type(operation).__name__}, of which no rule says anything"


def _added(name: str, field: Field[Any, Any]) -> str:
    """Django gives a column its default once, and takes it away again: the previous version inserts without it."""
    if field.many_to_many or field.null or field.db_default is not NOT_PROVIDED:
        return f"adds {name}, unique, in one long lock" if field.unique and not field.null else ""
    return f"adds {name}, which must have a value: the previous version gives none (null, or db_default)"


def _altered(name: str, before: Field[Any, Any], after: Field[Any, Any]) -> str:
    if type(before) is not type(after):
        return f"changes the type of {name}"
    if before.null and not after.null:
        return f"requires {name}, which the previous version may leave out"
    if after.unique and not before.unique:
        return f"makes {name} unique"
    longest_before, longest = before.max_length, after.max_length
    if longest is not None and (longest_before is None or longest < longest_before):
        return f"shortens {name}"
    return ""
