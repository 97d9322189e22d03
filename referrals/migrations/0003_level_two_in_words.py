from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0002_a_name_of_its_own")]

    operations = [
        migrations.AlterField(
            "referral",
            "level",
            models.CharField(
                choices=[("1", "niveau 1 : l’objet seulement"), ("2", "niveau 2 : la personne ou ses mots")],
                default="1",
                max_length=1,
                verbose_name="niveau",
            ),
        )
    ]
