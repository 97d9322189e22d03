"""A chained row of the audit stands: whoever sends the statement, it is refused."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SENTENCE = "the audit is append-only"
# Both databases have the table: the router is told which one this is about.
OF_BOTH = {"model_name": "auditentry"}

POSTGRESQL = f"""
CREATE FUNCTION core_audit_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER core_audit_is_not_changed BEFORE UPDATE ON core_auditentry
FOR EACH ROW WHEN (OLD.position IS NOT NULL) EXECUTE FUNCTION core_audit_stands();
CREATE TRIGGER core_audit_is_not_removed BEFORE DELETE ON core_auditentry
FOR EACH ROW EXECUTE FUNCTION core_audit_stands();
"""

SQLITE = (
    f"""
CREATE TRIGGER core_audit_is_not_changed BEFORE UPDATE ON core_auditentry WHEN OLD.position IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, '{SENTENCE}');
END;
""",
    f"""
CREATE TRIGGER core_audit_is_not_removed BEFORE DELETE ON core_auditentry
BEGIN
    SELECT RAISE(ABORT, '{SENTENCE}');
END;
""",
)


def stand(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # Each run as one statement: the migration machinery would split a trigger at its semicolons.
    statements = (POSTGRESQL,) if schema_editor.connection.vendor == "postgresql" else SQLITE
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def fall(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    on = " ON core_auditentry" if schema_editor.connection.vendor == "postgresql" else ""
    for name in ("core_audit_is_not_changed", "core_audit_is_not_removed"):
        schema_editor.execute(f"DROP TRIGGER {name}{on}")
    if on:
        schema_editor.execute("DROP FUNCTION core_audit_stands()")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    beside_previous = "nothing of any version changes or removes a chained row"

    operations = [migrations.RunPython(stand, fall, hints=OF_BOTH)]
