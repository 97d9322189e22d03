"""What retention is to take away of millions of envelopes is found by its age, without reading those that stay."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NAME = "envelope_by_age"
# They come in the order of their age: a thousandth of what another index would take tells where to look (decision 21).
FOUND = f"create index concurrently {NAME} on feedback_envelope using brin (received_at) with (autosummarize = on)"


def find_by_age(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:
    if schema.connection.vendor == "postgresql":
        # one that was cut off stays behind, and is of no use
        schema.execute(f"drop index concurrently if exists {NAME}")
        schema.execute(FOUND)


def forget(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:
    if schema.connection.vendor == "postgresql":
        schema.execute(f"drop index concurrently if exists {NAME}")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("feedback", "0002_summaries_are_searched")]
    beside_previous = "an index that is made while others write, and that no statement names"

    operations = [migrations.RunPython(find_by_age, forget)]
