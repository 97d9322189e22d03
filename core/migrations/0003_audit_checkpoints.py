"""Heads and checkpoints of the audit; and a chained row stands: whoever sends the statement, it is refused."""

from __future__ import annotations

from django.db import migrations, models
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
    dependencies = [("core", "0002_outbound_template")]

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("commitment", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("nonce", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                ("chain_hash", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField(db_index=True)),
                ("digest", models.CharField(help_text="of what was signed: the next one names it", max_length=64)),
                ("line", models.TextField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("number__gt", 0)), name="checkpoints_count_from_one")
                ],
            },
        ),
        # Hashes of before were of another form: what was chained is chained anew.
        migrations.RunSQL(
            "update core_auditentry set position = null, chain_hash = ''", migrations.RunSQL.noop, hints=OF_BOTH
        ),
        migrations.AddConstraint(
            model_name="auditentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("chain_hash", ""), ("position", None)),
                    models.Q(
                        ("position__gt", 0), ("position__isnull", False), models.Q(("chain_hash", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="audit_chained_or_not",
            ),
        ),
        migrations.RunPython(stand, fall, hints=OF_BOTH),
    ]
