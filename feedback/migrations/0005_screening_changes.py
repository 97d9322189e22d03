"""Changes of the screening's word lists, by whom, when and why."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.sealed_models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0004_found_among_millions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ScreeningChange",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("number", models.PositiveIntegerField(editable=False, unique=True)),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("fra", "Français"),
                            ("bam", "Bambara"),
                            ("ful", "Fulfulde"),
                            ("dts", "Dogon"),
                            ("ses", "Songhay"),
                            ("taq", "Tamasheq"),
                            ("snk", "Soninké"),
                            ("mlq", "Malinké"),
                            ("ara", "Arabe"),
                            ("eng", "Anglais"),
                            ("other", "Autre"),
                            ("not_said", "non communiqué"),
                        ],
                        max_length=10,
                        verbose_name="langue",
                    ),
                ),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("raises", "fait sceller le message"),
                            ("spares", "est laissé de côté, sans rien cacher d’autre"),
                        ],
                        max_length=10,
                        verbose_name="effet",
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[("add", "ajouter"), ("switch_off", "éteindre"), ("put_back", "remettre")],
                        max_length=10,
                        verbose_name="acte",
                    ),
                ),
                ("entry", core.sealed_models.SealedField(default=None, null=True)),
                ("reason", core.sealed_models.SealedField(default=None, null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"ordering": ["number"]},
        ),
    ]
