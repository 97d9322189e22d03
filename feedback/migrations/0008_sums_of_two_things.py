from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0007_other_lanes_are_found")]

    operations = [
        migrations.CreateModel(
            name="KeptSums",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paired", models.BooleanField(default=False)),
            ],
        ),
    ]
