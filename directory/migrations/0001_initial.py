import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.sealed_models
import directory.models.service


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdempotentCall",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key_hash", models.CharField(help_text="keyed, of organisation and key", max_length=64, unique=True)),
                ("fingerprint", models.CharField(help_text="keyed, of the key and the whole request", max_length=64)),
                ("status", models.PositiveSmallIntegerField(help_text="null while it is being answered", null=True)),
                (
                    "made",
                    models.CharField(
                        blank=True, help_text="the id of what was made, if the API shows one", max_length=40
                    ),
                ),
                ("claimed_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
        ),
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
                ("phone", models.CharField(blank=True, max_length=16, verbose_name="téléphone pour les avis")),
                (
                    "notices_by",
                    models.CharField(
                        choices=[
                            ("email", "par courriel"),
                            ("sms", "par SMS"),
                            ("both", "par courriel et par SMS"),
                            ("whatsapp", "par WhatsApp, sinon par SMS"),
                        ],
                        default="email",
                        max_length=10,
                        verbose_name="avis",
                    ),
                ),
                (
                    "notices_pace",
                    models.CharField(
                        choices=[("hourly", "un par heure au plus"), ("daily", "un résumé par matin ouvré")],
                        default="hourly",
                        max_length=10,
                        verbose_name="rythme",
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
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("notices_by", "email"), models.Q(("phone", ""), _negated=True), _connector="OR"
                        ),
                        name="user_told_by_sms_has_phone",
                        violation_error_message="Pour être prévenu par SMS ou WhatsApp, indiquez un numéro de téléphone.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("monday", models.DateField(unique=True)),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "first_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
                (
                    "second_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["monday"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("first", models.F("second")), _negated=True),
                            models.Q(("first_organisation", models.F("second_organisation")), _negated=True),
                        ),
                        name="duty_is_two_people_of_two_organisations",
                        violation_error_message="Une garde tient à deux personnes, de deux organisations.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InterventionFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("columns", models.JSONField(default=dict)),
                ("row_count", models.PositiveIntegerField(default=0)),
                ("done_count", models.PositiveIntegerField(default=0)),
                ("fault", models.CharField(blank=True, max_length=200)),
                ("uploaded_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("asked_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("source_name", models.CharField(max_length=60)),
                ("problems", core.sealed_models.SealedField(default=None, null=True)),
                ("page_index", models.PositiveSmallIntegerField(default=0)),
                ("header_line", models.PositiveSmallIntegerField(default=1)),
                ("unknown", models.JSONField(default=list)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-uploaded_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("confirmed_at", None), ("checked_at__isnull", False), _connector="OR"),
                        name="intervention_file_checked_before_confirmed",
                        violation_error_message="Un fichier est vérifié avant d’être repris.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InterventionContent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("content", core.sealed_models.SealedField(default=None, null=True)),
                ("head", core.sealed_models.SealedField(default=None, null=True)),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kept",
                        to="directory.interventionfile",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LaterPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=20, verbose_name="version")),
                ("code", models.CharField(max_length=12, verbose_name="code")),
                (
                    "level",
                    models.PositiveSmallIntegerField(choices=[(1, "région"), (2, "cercle")], verbose_name="niveau"),
                ),
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="children",
                        to="directory.laterplace",
                    ),
                ),
            ],
            options={
                "ordering": ["version", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "code"), name="later_place_once_per_version")
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyOfficer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("trained_on", models.DateField(blank=True, null=True, verbose_name="formation suivie le")),
                (
                    "confidentiality_signed_on",
                    models.DateField(blank=True, null=True, verbose_name="engagement de confidentialité signé le"),
                ),
                (
                    "sex",
                    models.CharField(
                        choices=[
                            ("female", "Femme ou fille"),
                            ("male", "Homme ou garçon"),
                            ("not_said", "non communiqué"),
                        ],
                        default="not_said",
                        max_length=10,
                        verbose_name="sexe",
                    ),
                ),
                ("languages", models.JSONField(blank=True, default=list, verbose_name="langues parlées")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duty_officer",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conflicts",
                    models.ManyToManyField(
                        blank=True,
                        related_name="+",
                        to="directory.organisation",
                        verbose_name="conflits d’intérêts déclarés",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                ("hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("scopes", models.JSONField(default=list, verbose_name="droits")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(db_index=True, editable=False, null=True)),
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
            name="OrganisationSpelling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("spelling", models.CharField(max_length=160, unique=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spellings",
                        to="directory.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PartnerLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="depuis le")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="jusqu’au")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="partner_links",
                        to="directory.organisation",
                        verbose_name="organisation qui contracte",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agency_links",
                        to="directory.organisation",
                        verbose_name="partenaire",
                    ),
                ),
            ],
            options={
                "ordering": ["agency__acronym", "partner__acronym", "starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("agency", models.F("partner")), _negated=True),
                        name="partner_link_of_two",
                        violation_error_message="Une organisation n’est pas sa propre partenaire.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="partner_link_ends_after_it_starts",
                        violation_error_message="La fin vient avant le début.",
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "partner", "starts_on"),
                        name="partner_link_once",
                        violation_error_message="Ce lien existe déjà.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Intervention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "programme_organisation",
                    models.CharField(blank=True, max_length=160, verbose_name="organisation du programme"),
                ),
                ("donor", models.CharField(blank=True, max_length=200, verbose_name="bailleur")),
                ("commune_pcode", models.CharField(blank=True, max_length=12, verbose_name="P-code de la commune")),
                ("commune", models.CharField(blank=True, max_length=80, verbose_name="commune")),
                ("village", models.CharField(blank=True, max_length=120, verbose_name="village ou site")),
                (
                    "sector",
                    models.CharField(
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
                ("in_hrp", models.BooleanField(null=True, verbose_name="dans le HRP")),
                ("project", models.CharField(blank=True, max_length=300, verbose_name="projet")),
                ("activity", models.CharField(max_length=500, verbose_name="activité")),
                ("starts_on", models.DateField(null=True, verbose_name="début")),
                ("ends_on", models.DateField(null=True, verbose_name="fin")),
                (
                    "cash_amount",
                    models.DecimalField(decimal_places=2, max_digits=16, null=True, verbose_name="montant en espèces"),
                ),
                ("targeted", models.JSONField(default=dict, verbose_name="personnes ciblées")),
                ("reached", models.JSONField(default=dict, verbose_name="personnes atteintes")),
                ("remarks", models.CharField(blank=True, max_length=1000, verbose_name="remarques")),
                ("source_name", models.CharField(max_length=60)),
                ("changed_at", models.DateTimeField()),
                (
                    "seen_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="rows",
                        to="directory.interventionfile",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interventions",
                        to="directory.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.organisation",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interventions",
                        to="directory.place",
                        verbose_name="cercle",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation__acronym", "place__pcode", "sector", "key"],
                "indexes": [models.Index(fields=["source", "source_name"], name="intervention_source")],
            },
        ),
        migrations.CreateModel(
            name="PlaceCrosswalk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_whole", models.BooleanField(default=True, verbose_name="en entier")),
                (
                    "later",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="earlier", to="directory.laterplace"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="later", to="directory.place"
                    ),
                ),
            ],
            options={
                "ordering": ["place__pcode", "later__code"],
                "constraints": [models.UniqueConstraint(fields=("place", "later"), name="place_crosswalk_once")],
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
                (
                    "directions",
                    models.CharField(
                        blank=True,
                        help_text="En mots simples, comme on le dirait à quelqu’un\xa0; imprimé sur la fiche pour les communautés.",
                        max_length=160,
                        verbose_name="où se présenter",
                    ),
                ),
                ("hours", models.CharField(blank=True, max_length=120, verbose_name="horaires")),
                ("languages", models.JSONField(blank=True, default=list, verbose_name="langues")),
                (
                    "contact_role",
                    models.CharField(
                        blank=True,
                        help_text="Une fonction, jamais un nom.",
                        max_length=120,
                        verbose_name="fonction à contacter",
                    ),
                ),
                (
                    "deputy_role",
                    models.CharField(blank=True, max_length=120, verbose_name="à défaut, fonction à contacter"),
                ),
                ("is_free", models.BooleanField(default=True, verbose_name="gratuit")),
                ("is_accessible", models.BooleanField(default=False, verbose_name="accessible")),
                ("has_women_staff", models.BooleanField(default=False, verbose_name="personnel féminin")),
                (
                    "accepts_self_referral",
                    models.BooleanField(default=False, verbose_name="on peut venir de soi-même, sans être orienté"),
                ),
                ("has_capacity", models.BooleanField(default=True, verbose_name="peut encore accueillir")),
                (
                    "capacity",
                    models.CharField(
                        blank=True,
                        help_text="Par exemple\xa0: 20 personnes par jour, deux semaines d’attente.",
                        max_length=120,
                        verbose_name="capacité ou attente",
                    ),
                ),
                ("is_sensitive", models.BooleanField(default=False, verbose_name="lieu confidentiel")),
                ("asked_on", models.DateField(editable=False, null=True)),
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
            name="StaffNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sentence",
                    models.CharField(choices=[("act", "act"), ("late", "late"), ("info", "info")], max_length=10),
                ),
                ("key", models.CharField(max_length=120, null=True, unique=True)),
                ("made_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "outbound",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="core.outbound"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "told_at"], name="notice_told")],
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
                            ("recovery_custodian", "Dépositaire du recouvrement"),
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
        migrations.CreateModel(
            name="DutySwap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("was_accepted", models.BooleanField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "asked_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "in_exchange",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.dutyweek",
                    ),
                ),
                (
                    "week",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="swaps", to="directory.dutyweek"
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("was_accepted__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("was_accepted__isnull", False)),
                            _connector="OR",
                        ),
                        name="duty_swap_answer_has_date",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("week", "asked_by"),
                        name="duty_swap_asked_once",
                    ),
                ],
            },
        ),
    ]
