import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.sealed_models


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("list", models.CharField(choices=[("mine", "Pour moi"), ("desk", "Tri")], max_length=10)),
                ("name", core.sealed_models.SealedField(default=None, null=True)),
                ("query", core.sealed_models.SealedField(default=None, null=True)),
                ("is_first", models.BooleanField(default=False, help_text="what the list opens on")),
                ("created_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-is_first", "created_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_first", True)),
                        fields=("owner", "list"),
                        name="saved_filter_one_first",
                    )
                ],
            },
        ),
    ]
