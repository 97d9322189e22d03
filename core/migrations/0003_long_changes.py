from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_the_audit_stands")]

    operations = [
        migrations.CreateModel(
            name="LongChange",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("cursor", models.CharField(blank=True, max_length=40)),
                ("done", models.BigIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
