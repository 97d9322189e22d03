import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0002_saved_filters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="consent",
            name="consent_override_has_its_ground",
        ),
        migrations.AddField(
            model_name="consent",
            name="kept_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("integrity", "Intégrité"),
                    ("protection", "Protection (VBG, PE)"),
                    ("security", "Sécurité"),
                    ("data", "Données personnelles"),
                ],
                editable=False,
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="review",
            field=models.CharField(
                blank=True,
                choices=[("founded", "fondé"), ("unfounded", "non fondé\xa0: repris")],
                max_length=12,
                verbose_name="relecture",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="reviewed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="reviewed_at",
            field=models.DateTimeField(null=True, verbose_name="relu le"),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                condition=models.Q(("override_code", ""), _negated=True), fields=["given_at"], name="consent_overrides"
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "not_required"), models.Q(("override_code", ""), _negated=True)),
                    models.Q(models.Q(("status", "not_required"), _negated=True), ("override_code", "")),
                    ("status", "withdrawn"),
                    _connector="OR",
                ),
                name="consent_override_has_its_ground",
                violation_error_message="Se passer de l’accord demande un motif, et un motif ne va pas avec l’accord.",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("review", ""), ("reviewed_at", None), ("reviewed_by", None)),
                    models.Q(
                        models.Q(("review", ""), _negated=True),
                        models.Q(("override_code", ""), _negated=True),
                        ("reviewed_at__isnull", False),
                        ("reviewed_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="consent_reviewed_override_says_by_whom",
                violation_error_message="Une relecture porte sur un passage sans accord, et dit de qui et quand.",
            ),
        ),
    ]
