from django.db import migrations, models

from bench.later.migrations import LAST


class Migration(migrations.Migration):
    dependencies = [("feedback", LAST)]

    operations = [
        migrations.CreateModel(
            name="Later",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("case", models.ForeignKey(to="feedback.case", on_delete=models.CASCADE)),
            ],
        ),
        migrations.AddField(model_name="case", name="later_note", field=models.TextField(null=True)),
        migrations.AddField(model_name="case", name="later_code", field=models.CharField(max_length=9, db_default="")),
    ]
