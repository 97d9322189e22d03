from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="outbound",
            name="template",
            field=models.CharField(
                blank=True, help_text="our name of it, where the carrier approves texts", max_length=20
            ),
        ),
    ]
