import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import directory.models.service


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, unique=True, verbose_name="nom")),
                ("acronym", models.CharField(blank=True, max_length=30, verbose_name="sigle")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("un", "Agence des Nations Unies"),
                            ("ingo", "ONG internationale"),
                            ("nngo", "ONG nationale"),
                            ("red_cross", "Mouvement Croix-Rouge"),
                            ("cluster", "Cluster"),
                            ("sub_cluster", "Sous-cluster"),
                            ("regional_group", "Groupe régional"),
                            ("common_service", "Service commun"),
                            ("government", "Service de l'État"),
                            ("other", "Autre"),
                        ],
                        max_length=20,
                        verbose_name="type",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("protocol_signed_on", models.DateField(blank=True, null=True, verbose_name="protocole signé le")),
                ("protocol_version", models.CharField(blank=True, max_length=20, verbose_name="version du protocole")),
                (
                    "psea_covered_by_duty",
                    models.BooleanField(default=False, verbose_name="PEAS couverte par les personnes de garde"),
                ),
                (
                    "has_investigation_unit",
                    models.BooleanField(default=False, verbose_name="dispose d'une unité d'enquête"),
                ),
            ],
            options={
                "verbose_name": "organisation",
                "ordering": ["acronym", "name"],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pcode", models.CharField(max_length=12, unique=True, verbose_name="P-code")),
                (
                    "level",
                    models.PositiveSmallIntegerField(choices=[(1, "région"), (2, "cercle")], verbose_name="niveau"),
                ),
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                ("name_cod", models.CharField(max_length=80, verbose_name="nom COD")),
                ("region_2023", models.CharField(blank=True, max_length=40, verbose_name="région de 2023")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="directory.place",
                    ),
                ),
            ],
            options={
                "ordering": ["pcode"],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                ("hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("scopes", models.JSONField(default=list, verbose_name="droits")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("last_used_on", models.DateField(editable=False, null=True)),
                ("revoked_at", models.DateTimeField(editable=False, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to="directory.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation", "name"],
            },
        ),
        migrations.CreateModel(
            name="Office",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                ("is_active", models.BooleanField(default=True, verbose_name="ouvert")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="offices", to="directory.organisation"
                    ),
                ),
                (
                    "covers",
                    models.ManyToManyField(
                        blank=True, related_name="covered_by", to="directory.place", verbose_name="couvre"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offices",
                        to="directory.place",
                        verbose_name="lieu",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation__acronym", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "name"),
                        name="office_name_once_per_organisation",
                        violation_error_message="Cette organisation a déjà un bureau de ce nom.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Scope",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                ("definition", models.TextField(blank=True, verbose_name="définition")),
                ("is_focus", models.BooleanField(default=False, verbose_name="axe géographique du plan")),
                ("places", models.ManyToManyField(related_name="scopes", to="directory.place", verbose_name="cercles")),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="adresse électronique")),
                ("name", models.CharField(max_length=120, verbose_name="nom")),
                (
                    "language",
                    models.CharField(
                        choices=[("fr", "Français"), ("en", "Anglais")],
                        default="fr",
                        max_length=5,
                        verbose_name="langue",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="compte ouvert")),
                ("is_away", models.BooleanField(default=False, verbose_name="en absence")),
                ("joined_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="deputy_of",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="suppléance",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="people",
                        to="directory.office",
                        verbose_name="bureau",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="directory.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "place_scope",
                    models.ManyToManyField(blank=True, related_name="+", to="directory.place", verbose_name="zone"),
                ),
            ],
            options={
                "verbose_name": "personne",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("deputy", models.F("id")), _negated=True),
                        name="user_is_not_their_own_deputy",
                        violation_error_message="Une personne ne peut pas se suppléer elle-même.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("health", "Soins de santé"),
                            ("clinical_care", "Prise en charge médicale des violences"),
                            ("mhpss", "Santé mentale et soutien psychosocial"),
                            ("safety", "Mise à l'abri et sécurité"),
                            ("legal", "Aide juridique"),
                            ("child_protection", "Protection de l'enfant"),
                            ("gbv_case", "Gestion de cas VBG"),
                            ("child_born_of_sea", "Appui à l'enfant né d'EAS"),
                            ("material", "Aide matérielle"),
                            ("food", "Vivres"),
                            ("nutrition", "Nutrition"),
                            ("cash", "Transfert monétaire"),
                            ("shelter", "Abri et articles ménagers"),
                            ("wash", "Eau et assainissement"),
                            ("education", "Éducation"),
                            ("livelihood", "Moyens d'existence"),
                            ("family_links", "Rétablissement des liens familiaux"),
                            ("disability", "Appui au handicap"),
                            ("documentation", "Pièces d'état civil"),
                            ("information", "Information et orientation"),
                        ],
                        max_length=30,
                        verbose_name="service",
                    ),
                ),
                (
                    "sector",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("shelter", "Abris et articles ménagers"),
                            ("coordination", "Coordination"),
                            ("education", "Éducation"),
                            ("wash", "Eau, hygiène et assainissement"),
                            ("nutrition", "Nutrition"),
                            ("protection", "Protection"),
                            ("food_security", "Sécurité alimentaire"),
                            ("health", "Santé"),
                            ("logistics", "Logistique et télécommunications"),
                            ("recovery", "Relèvement"),
                        ],
                        max_length=20,
                        verbose_name="secteur",
                    ),
                ),
                ("eligibility", models.CharField(blank=True, max_length=200, verbose_name="pour qui")),
                ("hours", models.CharField(blank=True, max_length=120, verbose_name="horaires")),
                ("languages", models.JSONField(blank=True, default=list, verbose_name="langues")),
                ("contact_role", models.CharField(blank=True, max_length=120, verbose_name="fonction à contacter")),
                ("is_free", models.BooleanField(default=True, verbose_name="gratuit")),
                ("is_accessible", models.BooleanField(default=False, verbose_name="accessible")),
                ("has_women_staff", models.BooleanField(default=False, verbose_name="personnel féminin")),
                ("accepts_self_referral", models.BooleanField(default=False, verbose_name="sans rendez-vous")),
                ("has_capacity", models.BooleanField(default=True, verbose_name="peut encore accueillir")),
                ("is_sensitive", models.BooleanField(default=False, verbose_name="lieu confidentiel")),
                (
                    "valid_until",
                    models.DateField(
                        default=directory.models.service.still_valid_until, verbose_name="valable jusqu'au"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="services",
                        to="directory.office",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="services",
                        to="directory.organisation",
                    ),
                ),
                ("places", models.ManyToManyField(related_name="services", to="directory.place", verbose_name="lieux")),
            ],
            options={
                "verbose_name": "service",
                "ordering": ["organisation__acronym", "kind"],
            },
        ),
        migrations.CreateModel(
            name="UserRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
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
                            ("administrator", "Administration"),
                            ("integration", "Système d'une agence"),
                        ],
                        max_length=30,
                        verbose_name="rôle",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="role_rows",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "role"), name="role_once_per_user")],
            },
        ),
    ]
