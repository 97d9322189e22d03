import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_notices_by_whatsapp")]

    operations = [
        migrations.CreateModel(
            name="Witness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="adresse électronique")),
                ("named_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "told_until",
                    models.BigIntegerField(default=0, editable=False, help_text="number of the last checkpoint mailed"),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="witnesses",
                        to="directory.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation__name", "email"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "email"),
                        name="witness_once_per_organisation",
                        violation_error_message="Cette adresse est déjà témoin pour cette organisation.",
                    )
                ],
            },
        ),
        migrations.AlterField(
            model_name="userrole",
            name="role",
            field=models.CharField(
                choices=[
                    ("operator", "Opérateur ou opératrice"),
                    ("focal_point", "Point focal"),
                    ("agency_manager", "Responsable d'agence"),
                    ("integrity_focal_point", "Point focal intégrité"),
                    ("protection_focal_point", "Point focal protection (VBG/PE)"),
                    ("security_focal_point", "Point focal sécurité"),
                    ("psea_intake_officer", "Personne de garde PEAS"),
                    ("psea_focal_point", "Point focal PEAS"),
                    ("psea_coordinator", "Coordination PEAS"),
                    ("workplan_lead", "Responsable d'activité du plan"),
                    ("working_group", "Groupe de travail redevabilité"),
                    ("observer", "Observateur ou observatrice"),
                    ("auditor", "Auditeur ou auditrice"),
                    ("administrator", "Administration"),
                    ("integration", "Système d'une agence"),
                ],
                max_length=30,
                verbose_name="rôle",
            ),
        ),
    ]
