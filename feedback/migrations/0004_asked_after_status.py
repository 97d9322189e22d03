from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0003_old_envelopes_are_found")]

    operations = [
        migrations.AlterField(
            model_name="phonequestion",
            name="asks",
            field=models.CharField(
                choices=[
                    ("language", "quelle langue"),
                    ("withdraw", "retirer l’accord"),
                    ("settled", "est-ce réglé ?"),
                ],
                max_length=10,
            ),
        ),
    ]
