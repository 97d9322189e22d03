"""An installation that has taken nothing into its sums keeps all of them from the first case on."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def keep(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:
    using = schema.connection.alias
    taken = apps.get_model("feedback", "CaseFacts").objects.using(using).exists()
    apps.get_model("feedback", "KeptSums").objects.using(using).create(pk=1, paired=not taken)


def forget(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("feedback", "KeptSums").objects.using(schema.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("feedback", "0009_sums_of_two_things")]
    beside_previous = "one row of a table that the previous version does not know"

    operations = [migrations.RunPython(keep, forget)]
