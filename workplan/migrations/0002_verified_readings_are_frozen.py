"""Verified readings are frozen in the database too: an update of one is refused, whoever sends it."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SENTENCE = "a verified reading is frozen: make a new version"

POSTGRESQL = f"""
CREATE FUNCTION workplan_verified_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER workplan_verified_is_frozen BEFORE UPDATE ON workplan_reading
FOR EACH ROW WHEN (OLD.state = 'verified') EXECUTE FUNCTION workplan_verified_is_frozen();
"""

SQLITE = f"""
CREATE TRIGGER workplan_verified_is_frozen BEFORE UPDATE ON workplan_reading
WHEN OLD.state = 'verified'
BEGIN
    SELECT RAISE(ABORT, '{SENTENCE}');
END;
"""


def freeze(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # Run as one statement: the migration machinery would split a trigger at its semicolons.
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def thaw(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    on_table = " ON workplan_reading" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER workplan_verified_is_frozen{on_table}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION workplan_verified_is_frozen()")


class Migration(migrations.Migration):
    dependencies = [("workplan", "0001_initial")]
    beside_previous = "no version writes to a verified reading"

    operations = [migrations.RunPython(freeze, thaw)]
