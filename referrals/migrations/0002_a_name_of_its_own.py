"""Whether a receiver may know the name: of the rows that stand, asked in one question with how to reach them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]

    operations = [
        migrations.AddField("consent", "scope_name", models.BooleanField(null=True, verbose_name="son nom")),
        migrations.AlterField(
            "consent", "scope_contact", models.BooleanField(default=False, verbose_name="comment la joindre")
        ),
        migrations.AlterField(
            "referral",
            "level",
            models.CharField(
                choices=[("1", "niveau 1 : l’objet seulement"), ("2", "niveau 2 : la personne ou ses mots")],
                default="1",
                max_length=1,
                verbose_name="niveau",
            ),
        ),
    ]
