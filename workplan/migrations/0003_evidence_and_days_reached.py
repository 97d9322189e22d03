import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.sealed_models

# SQLite writes a table anew for a constraint, and loses its triggers with the old one.
FROZEN = import_module("workplan.migrations.0002_verified_readings_are_frozen")


class Migration(migrations.Migration):
    dependencies = [
        ("workplan", "0002_verified_readings_are_frozen"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(FROZEN.thaw, FROZEN.freeze),
        migrations.AddField(
            model_name="reading",
            name="reached_on",
            field=models.DateField(null=True),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(("reached_on", None), ("yes", True), _connector="OR"),
                name="only_what_was_reached_has_a_day",
                violation_error_message="Seul un jalon atteint a une date.",
            ),
        ),
        migrations.RunPython(FROZEN.freeze, FROZEN.thaw),
        migrations.CreateModel(
            name="ReadingFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("name", core.sealed_models.SealedField(default=None, null=True)),
                ("content", core.sealed_models.SealedField(default=None, null=True)),
                ("size", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reading",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="workplan.reading"
                    ),
                ),
            ],
            options={"ordering": ["reading", "added_at"]},
        ),
    ]
