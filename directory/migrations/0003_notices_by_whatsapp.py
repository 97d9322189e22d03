import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_outbound_template"),
        ("directory", "0002_api_clients"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="user",
            name="user_told_by_sms_has_phone",
        ),
        migrations.AlterField(
            model_name="user",
            name="notices_by",
            field=models.CharField(
                choices=[
                    ("email", "par courriel"),
                    ("sms", "par SMS"),
                    ("both", "par courriel et par SMS"),
                    ("whatsapp", "par WhatsApp, sinon par SMS"),
                ],
                default="email",
                max_length=10,
                verbose_name="avis",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("notices_by", "email"), models.Q(("phone", ""), _negated=True), _connector="OR"),
                name="user_told_by_sms_has_phone",
                violation_error_message="Pour être prévenu par SMS ou WhatsApp, indiquez un numéro de téléphone.",
            ),
        ),
        migrations.AddField(
            model_name="staffnotice",
            name="outbound",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="core.outbound"
            ),
        ),
    ]
