import uuid

from django.db import migrations, models

import core.sealed_models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

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
            name="DayCorrection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True, verbose_name="jour")),
                ("is_worked", models.BooleanField(verbose_name="jour travaillé")),
                ("reason", models.CharField(blank=True, max_length=120, verbose_name="raison")),
            ],
        ),
        migrations.CreateModel(
            name="Lease",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="LineTrace",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("received_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                (
                    "kept_count",
                    models.PositiveIntegerField(help_text="messages whose text the carrier still held", null=True),
                ),
                ("counted_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="LongChange",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("cursor", models.CharField(blank=True, max_length=40)),
                ("done", models.BigIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="NumberPace",
            fields=[
                ("phone_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "left",
                    models.JSONField(
                        default=list, help_text="when messages left for it in the last day, in seconds since 1970"
                    ),
                ),
                (
                    "automatic_left_at",
                    models.DateTimeField(help_text="the last automatic one that it has not replied to", null=True),
                ),
                ("marks", models.JSONField(default=list)),
                (
                    "replies",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="at once, one to each of our texts, in a row"
                    ),
                ),
                ("silent_until", models.DateTimeField(db_index=True, null=True)),
                ("changed_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("recorded_at", models.DateTimeField(db_index=True)),
                ("happened_at", models.DateTimeField()),
                ("act", models.CharField(max_length=80)),
                ("actor_kind", models.CharField(max_length=20)),
                ("actor_id", models.CharField(blank=True, max_length=40)),
                ("target_table", models.CharField(blank=True, max_length=60)),
                ("target_id", models.CharField(blank=True, max_length=40)),
                ("facts", models.JSONField(default=dict)),
                ("position", models.BigIntegerField(null=True, unique=True)),
                ("chain_hash", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "indexes": [models.Index(fields=["target_table", "target_id"], name="audit_by_target")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("chain_hash", ""), ("position", None)),
                            models.Q(
                                ("position__gt", 0),
                                ("position__isnull", False),
                                models.Q(("chain_hash", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="audit_chained_or_not",
                    )
                ],
            },
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
        migrations.CreateModel(
            name="DaySpend",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("line", models.CharField(blank=True, max_length=20)),
                ("segments", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("day", "line"), name="spend_once_per_day_and_line")],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("gateway", models.CharField(max_length=20)),
                ("resource", models.CharField(max_length=120)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("not_before", models.DateTimeField(db_index=True)),
                ("reason", models.CharField(blank=True, max_length=80)),
                ("asked_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("gateway", "resource"), name="erasure_once_per_resource")
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("name", models.SlugField(max_length=20, unique=True, verbose_name="nom dans l'adresse")),
                ("kind", models.CharField(editable=False, max_length=30, verbose_name="passerelle")),
                ("label", models.CharField(max_length=60, verbose_name="nom")),
                ("number", models.CharField(blank=True, max_length=30, verbose_name="numéro ou nom d'expéditeur")),
                ("said", models.JSONField(default=dict, editable=False)),
                ("sealed_secrets", core.sealed_models.SealedField(default=None, null=True)),
                ("is_active", models.BooleanField(default=False, editable=False, verbose_name="en service")),
                ("is_default", models.BooleanField(default=False, editable=False, verbose_name="par défaut")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "ligne",
                "ordering": ["label", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("is_default",),
                        name="line_one_default",
                        violation_error_message="Une seule ligne écrit par défaut.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_default", False), ("is_active", True), _connector="OR"),
                        name="line_default_is_active",
                        violation_error_message="La ligne par défaut est en service.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Outbound",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("way", models.CharField(choices=[("sms", "SMS"), ("email", "courriel")], max_length=10)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("receipt", "accusé de réception"),
                            ("menu", "réponse automatique"),
                            ("answer", "réponse"),
                            ("question", "question"),
                            ("notice", "avis"),
                            ("urgent", "avis urgent"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "en file"),
                            ("sending", "en cours d'envoi"),
                            ("sent", "envoyé"),
                            ("delivered", "remis"),
                            ("failed", "échoué"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("recipient", core.sealed_models.SealedField(default=None, null=True)),
                (
                    "recipient_hash",
                    models.CharField(blank=True, editable=False, help_text="of an SMS, until it left", max_length=64),
                ),
                ("subject", core.sealed_models.SealedField(default=None, null=True)),
                ("body", core.sealed_models.SealedField(default=None, null=True)),
                ("gateway", models.CharField(blank=True, max_length=20)),
                (
                    "template",
                    models.CharField(
                        blank=True, help_text="our name of it, where the carrier approves texts", max_length=20
                    ),
                ),
                ("provider_id", models.CharField(blank=True, db_index=True, max_length=80)),
                ("reason", models.CharField(blank=True, max_length=120)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("not_before", models.DateTimeField()),
                ("dedupe_key", models.CharField(max_length=120, null=True, unique=True)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(help_text="delivered or failed for good", null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "not_before"], name="outbound_due"),
                    models.Index(
                        condition=models.Q(("recipient_hash", ""), _negated=True),
                        fields=["recipient_hash"],
                        name="outbound_waiting_for",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["sent", "delivered"]), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="outbound_sent_has_date",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Quarantined",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("gateway", models.CharField(max_length=20)),
                ("reason", models.CharField(max_length=12)),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("request", core.sealed_models.SealedField(default=None, null=True)),
                ("is_to_verify", models.BooleanField(default=False, help_text="its line was mended since")),
                ("received_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "indexes": [models.Index(fields=["gateway", "recorded_at"], name="quarantined_lately")],
                "constraints": [
                    models.UniqueConstraint(fields=("gateway", "digest"), name="quarantined_once_per_request")
                ],
            },
        ),
    ]
