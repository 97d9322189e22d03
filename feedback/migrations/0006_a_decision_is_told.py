import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0005_asked_after_status"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="datarequest",
            name="told_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="datarequest",
            name="told_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="datarequest",
            name="told_how",
            field=models.CharField(
                blank=True,
                choices=[
                    ("sms", "SMS, avec les mots de la réponse"),
                    ("sms_notice", "SMS, sans les mots de la réponse"),
                    ("call", "appel"),
                    ("in_person", "de vive voix"),
                    ("relay", "par une personne de confiance"),
                    ("web", "à lire sur le site"),
                    ("group", "au groupe"),
                    ("not_yet", "pas encore dit"),
                ],
                db_default="",
                editable=False,
                max_length=10,
            ),
        ),
    ]
