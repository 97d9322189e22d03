import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.sealed_models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_api_clients"),
        ("feedback", "0002_sheet_fault"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CollectedCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sex",
                    models.CharField(
                        choices=[
                            ("female", "Femme ou fille"),
                            ("male", "Homme ou garçon"),
                            ("not_said", "non communiqué"),
                        ],
                        default="not_said",
                        max_length=10,
                    ),
                ),
                (
                    "age_group",
                    models.CharField(
                        choices=[
                            ("child", "Moins de 18 ans"),
                            ("adult", "18 à 59 ans"),
                            ("older", "60 ans et plus"),
                            ("not_said", "non communiqué"),
                        ],
                        default="not_said",
                        max_length=10,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sms", "SMS"),
                            ("whatsapp", "WhatsApp"),
                            ("web", "site web"),
                            ("voice", "téléphone"),
                            ("help_desk", "point d'écoute"),
                            ("paper", "papier"),
                            ("relay", "relais communautaire"),
                            ("radio", "radio"),
                            ("api", "système d'une agence"),
                        ],
                        max_length=12,
                    ),
                ),
                ("count", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="CollectedReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "digest",
                    models.CharField(help_text="of all its counts: whether another says the same", max_length=64),
                ),
                ("received_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["source", "-first_day", "-version"],
            },
        ),
        migrations.CreateModel(
            name="Deposit",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("cases", "cas par cas"), ("figures", "chiffres agrégés")], max_length=10
                    ),
                ),
                ("way", models.CharField(choices=[("file", "fichier"), ("api", "son système")], max_length=10)),
                ("deposited_at", models.DateTimeField(db_index=True)),
                ("new_count", models.PositiveIntegerField(default=0)),
                ("known_count", models.PositiveIntegerField(default=0)),
                ("changed_count", models.PositiveIntegerField(default=0)),
                ("refused_count", models.PositiveIntegerField(default=0)),
                ("outcomes", models.JSONField(default=list)),
            ],
            options={
                "ordering": ["-deposited_at"],
            },
        ),
        migrations.CreateModel(
            name="SourceFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("columns", models.JSONField(default=dict)),
                ("row_count", models.PositiveIntegerField(default=0)),
                ("done_count", models.PositiveIntegerField(default=0)),
                ("fault", models.CharField(blank=True, max_length=200)),
                ("uploaded_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("asked_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("cases", "cas par cas"), ("figures", "chiffres agrégés")], max_length=10
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sms", "SMS"),
                            ("whatsapp", "WhatsApp"),
                            ("web", "site web"),
                            ("voice", "téléphone"),
                            ("help_desk", "point d'écoute"),
                            ("paper", "papier"),
                            ("relay", "relais communautaire"),
                            ("radio", "radio"),
                            ("api", "système d'une agence"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "safe_contact",
                    models.CharField(
                        choices=[
                            ("none", "aucun moyen"),
                            ("sms", "SMS"),
                            ("call", "appel"),
                            ("relay", "par une personne de confiance"),
                            ("web", "sur le site, avec le numéro"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("content", core.sealed_models.SealedField(default=None, null=True)),
                ("unknown", core.sealed_models.SealedField(default=None, null=True)),
                ("noted", models.JSONField(default=list)),
            ],
            options={
                "ordering": ["-uploaded_at"],
            },
        ),
        migrations.CreateModel(
            name="SourceRecord",
            fields=[
                ("key_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("content_hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="SourceWord",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                (
                    "word_hash",
                    models.CharField(help_text="keyed, of the source and the word", max_length=64, unique=True),
                ),
                ("word", core.sealed_models.SealedField(default=None, null=True)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_protected_keeps_nothing",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_forgotten_keeps_nothing",
        ),
        migrations.AddField(
            model_name="case",
            name="source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.organisation",
                verbose_name="source",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="source_reference",
            field=core.sealed_models.SealedField(default=None, null=True),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["protected"]), _negated=True),
                    models.Q(
                        ("protected_at__isnull", False),
                        ("contact__isnull", True),
                        ("data_key__isnull", True),
                        ("note__isnull", True),
                        ("phone_hash", ""),
                        ("place_said__isnull", True),
                        ("receipt_hash__isnull", True),
                        ("receipt_number__isnull", True),
                        ("source_reference__isnull", True),
                        ("summary", ""),
                        ("words__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="case_protected_keeps_nothing",
                violation_error_message="Un dossier protégé ne garde ici ni mots, ni contact, ni numéro.",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("forgotten_at__isnull", True),
                    models.Q(
                        ("contact__isnull", True),
                        ("data_key__isnull", True),
                        ("note__isnull", True),
                        ("phone_hash", ""),
                        ("place_said__isnull", True),
                        ("receipt_hash__isnull", True),
                        ("receipt_number__isnull", True),
                        ("source_reference__isnull", True),
                        ("summary", ""),
                        ("words__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="case_forgotten_keeps_nothing",
                violation_error_message="Un dossier dont la conservation est finie ne garde ni mots, ni contact, ni numéro.",
            ),
        ),
        migrations.AddField(
            model_name="collectedcount",
            name="category",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.category"
            ),
        ),
        migrations.AddField(
            model_name="collectedcount",
            name="place",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.place"
            ),
        ),
        migrations.AddField(
            model_name="collectedreading",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.organisation",
                verbose_name="source",
            ),
        ),
        migrations.AddField(
            model_name="collectedcount",
            name="reading",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="counts", to="feedback.collectedreading"
            ),
        ),
        migrations.AddField(
            model_name="deposit",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
            ),
        ),
        migrations.AddField(
            model_name="sourcefile",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="sourcefile",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.organisation",
                verbose_name="source",
            ),
        ),
        migrations.AddField(
            model_name="sourceword",
            name="category",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="feedback.category",
                verbose_name="catégorie",
            ),
        ),
        migrations.AddField(
            model_name="sourceword",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="sourceword",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="collectedreading",
            constraint=models.UniqueConstraint(
                fields=("source", "first_day", "last_day", "version"),
                name="collected_version_once",
                violation_error_message="Cette version existe déjà.",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectedreading",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at", None)),
                fields=("source", "first_day", "last_day"),
                name="collected_one_in_force",
                violation_error_message="Une source n’a qu’un relevé en vigueur par période.",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectedreading",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gt", models.F("first_day"))),
                name="collected_ends_after_it_begins",
                violation_error_message="La fin vient avant le début.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcefile",
            constraint=models.CheckConstraint(
                condition=models.Q(("confirmed_at", None), ("checked_at__isnull", False), _connector="OR"),
                name="source_file_checked_before_confirmed",
                violation_error_message="Un fichier est vérifié avant d’être repris.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcefile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("finished_at", None),
                    models.Q(("content", None), ("data_key", None), ("unknown", None)),
                    _connector="OR",
                ),
                name="source_file_finished_keeps_nothing",
                violation_error_message="Un fichier repris ne garde rien de son contenu.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourceword",
            constraint=models.CheckConstraint(
                condition=models.Q(("category", None), ("decided_at__isnull", False), _connector="OR"),
                name="source_word_category_was_decided",
                violation_error_message="Une catégorie est décidée par quelqu’un.",
            ),
        ),
    ]
