import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.sealed_models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_api_clients"),
        ("feedback", "0001_initial"),
        ("referrals", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReferralFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                (
                    "side",
                    models.CharField(choices=[("sender", "émetteur"), ("receiver", "destinataire")], max_length=10),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("picture", "photo"), ("voice", "message vocal"), ("pdf", "document PDF")],
                        max_length=10,
                        verbose_name="type de fichier",
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="joint le")),
                ("size", models.PositiveIntegerField(default=0, help_text="bytes; 0 for what stays with the case")),
                ("is_neutral", models.BooleanField(default=False, verbose_name="ne contient rien de la personne")),
                ("name", core.sealed_models.SealedField(default=None, null=True)),
                ("content", core.sealed_models.SealedField(default=None, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="feedback.casemessage",
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="referrals.referral"
                    ),
                ),
            ],
            options={
                "ordering": ["added_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_neutral", False),
                            models.Q(("message", None), ("side", "sender"), models.Q(("kind", "voice"), _negated=True)),
                            _connector="OR",
                        ),
                        name="file_neutral_is_no_voice",
                        violation_error_message="Une voix touche toujours la personne.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("message", None), models.Q(("content", None), ("side", "sender")), _connector="OR"
                        ),
                        name="file_of_the_case_is_no_copy",
                        violation_error_message="Ce que la personne a envoyé reste dans son dossier.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralNote",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("said_at", models.DateTimeField(verbose_name="écrit le")),
                ("struck_at", models.DateTimeField(null=True, verbose_name="rayé le")),
                ("words", core.sealed_models.SealedField(default=None, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="referrals.referral"
                    ),
                ),
                (
                    "struck_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["said_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("struck_by", None), ("struck_at__isnull", False), _connector="OR"),
                        name="note_struck_has_its_date",
                        violation_error_message="Une note rayée porte la date à laquelle elle l’a été.",
                    )
                ],
            },
        ),
    ]
