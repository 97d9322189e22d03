"""What is not of the ordinary lane is found in the facts by itself: narrow figures take it away (decision 22)."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NAME = "facts_of_other_lanes"
FOUND = (
    f"create index concurrently {NAME} on feedback_casefacts (first_sent) "
    "where not is_ordinary and first_sent is not null"
)


def find(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:
    if schema.connection.vendor == "postgresql":
        # one that was cut off stays behind, and is of no use
        schema.execute(f"drop index concurrently if exists {NAME}")
        schema.execute(FOUND)


def forget(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:
    if schema.connection.vendor == "postgresql":
        schema.execute(f"drop index concurrently if exists {NAME}")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("feedback", "0006_a_decision_is_told")]
    beside_previous = "an index that is made while others write, and that no statement names"

    operations = [migrations.RunPython(find, forget)]
