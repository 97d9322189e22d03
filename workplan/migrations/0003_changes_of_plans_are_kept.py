"""A change of a plan is written once: the database refuses to alter or to delete it, whoever asks."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SENTENCE = "a change of a plan is kept as it was written"

POSTGRESQL = f"""
CREATE FUNCTION workplan_changes_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER workplan_changes_are_kept BEFORE UPDATE OR DELETE ON workplan_planchange
FOR EACH ROW EXECUTE FUNCTION workplan_changes_are_kept();
"""

SQLITE = """
CREATE TRIGGER workplan_changes_are_kept_{verb} BEFORE {verb} ON workplan_planchange
BEGIN
    SELECT RAISE(ABORT, '{sentence}');
END;
"""
VERBS = ("UPDATE", "DELETE")


def keep(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # Run as one statement: the migration machinery would split a trigger at its semicolons.
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    sqlite = [SQLITE.format(verb=verb, sentence=SENTENCE) for verb in VERBS]
    with schema_editor.connection.cursor() as cursor:
        for statement in [POSTGRESQL] if is_postgresql else sqlite:
            cursor.execute(statement)


def let_go(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER workplan_changes_are_kept ON workplan_planchange")
        schema_editor.execute("DROP FUNCTION workplan_changes_are_kept()")
        return
    for verb in VERBS:
        schema_editor.execute(f"DROP TRIGGER workplan_changes_are_kept_{verb}")


class Migration(migrations.Migration):
    dependencies = [("workplan", "0002_verified_readings_are_frozen")]

    beside_previous = "no version alters a change of a plan"

    operations = [migrations.RunPython(keep, let_go)]
