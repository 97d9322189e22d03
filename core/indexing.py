"""Indexes made while others write: what migrations after an app's first add."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import AddIndex


class AddIndexBesideWriters(AddIndexConcurrently):
    """`CREATE INDEX CONCURRENTLY` on PostgreSQL; on SQLite, which serves one machine at rest, an index as any other.

    Its migration says `atomic = False`. Cut off in the middle, PostgreSQL keeps an invalid index under this name, which
    no query uses: it is dropped before the index is made, so that migrating again finishes the work.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            AddIndex.database_forwards(self, app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            name = schema_editor.quote_name(self.index.name)
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        on_postgresql = schema_editor.connection.vendor == "postgresql"
        undo = super().database_backwards if on_postgresql else self._removed
        undo(app_label, schema_editor, from_state, to_state)

    def _removed(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        AddIndex.database_backwards(self, app_label, schema_editor, from_state, to_state)
