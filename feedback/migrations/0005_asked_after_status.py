from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0004_late_ones_are_told_once")]

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
