"""What waits, and what a search looks for, is found without reading what is at rest."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# Django's `icontains` compares upper case; SQLite has no such index, and few rows.
SEARCHED = "create index case_summary_words on feedback_case using gin (upper(summary) gin_trgm_ops)"


def make_summaries_searchable(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:
    if schema.connection.vendor == "postgresql":
        schema.execute("create extension if not exists pg_trgm")
        schema.execute(SEARCHED)


def forget(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:
    if schema.connection.vendor == "postgresql":
        schema.execute("drop index case_summary_words")


class Migration(migrations.Migration):
    dependencies = [("feedback", "0003_feedback_of_others")]

    operations = [
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(
                condition=models.Q(("delivery__in", ["waiting", "failed"])), fields=["case"], name="answer_untold"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("has_unread_words", True)), fields=["received_at"], name="case_unread"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("to_speak_with_at__isnull", False)),
                fields=["to_speak_with_at"],
                name="case_to_speak_with",
            ),
        ),
        migrations.RunPython(make_summaries_searchable, forget),
    ]
