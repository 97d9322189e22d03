from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0008_a_name_of_its_own")]

    operations = [
        migrations.CreateModel(
            name="KeptSums",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paired", models.BooleanField(default=False)),
            ],
        ),
    ]
