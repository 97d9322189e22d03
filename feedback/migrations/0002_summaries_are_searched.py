"""What a search looks for is found without reading what is at rest."""

from django.db import migrations
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
    dependencies = [("feedback", "0001_initial")]
    beside_previous = "of the first installation: the index is made on an empty table"

    operations = [migrations.RunPython(make_summaries_searchable, forget)]
