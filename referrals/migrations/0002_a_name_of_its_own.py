"""Whether a receiver may know the name: of the rows that stand, asked in one question with how to reach them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]

    operations = [
        migrations.AddField("consent", "scope_name", models.BooleanField(null=True, verbose_name="son nom")),
        migrations.AlterField(
            "consent", "scope_contact", models.BooleanField(default=False, verbose_name="comment la joindre")
        ),
    ]
