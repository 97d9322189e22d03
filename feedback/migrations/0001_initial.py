import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import django_fsm
from django.conf import settings
from django.db import migrations, models

import core.sealed_models
import feedback.references


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directory", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="JustSaid",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("phone_hash", models.CharField(db_index=True, max_length=64)),
                ("said_at", models.DateTimeField()),
                ("noted_at", models.DateTimeField(auto_now=True, db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="LineWriting",
            fields=[
                ("line", models.CharField(editable=False, max_length=20, primary_key=True, serialize=False)),
                (
                    "segment_price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="prix d’un SMS",
                    ),
                ),
                ("folded", models.JSONField(blank=True, default=list, verbose_name="langues repliées")),
            ],
        ),
        migrations.CreateModel(
            name="PhonePreference",
            fields=[
                ("phone_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("fra", "Français"),
                            ("bam", "Bambara"),
                            ("ful", "Fulfulde"),
                            ("dts", "Dogon"),
                            ("ses", "Songhay"),
                            ("taq", "Tamasheq"),
                            ("snk", "Soninké"),
                            ("mlq", "Malinké"),
                            ("ara", "Arabe"),
                            ("eng", "Anglais"),
                            ("other", "Autre"),
                            ("not_said", "non communiqué"),
                        ],
                        default="fra",
                        max_length=10,
                    ),
                ),
                (
                    "language_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "par défaut"),
                            ("heard", "reconnue à ses mots"),
                            ("chosen", "choisie par la personne"),
                            ("staff", "notée par l’équipe"),
                        ],
                        max_length=10,
                    ),
                ),
                ("stopped_at", models.DateTimeField(null=True)),
                ("last_spoke_at", models.DateTimeField(null=True)),
                (
                    "spoke_before_at",
                    models.DateTimeField(help_text="in the conversation before, or a late one", null=True),
                ),
                ("line", models.CharField(blank=True, help_text="the line this person wrote to last", max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="PhoneQuestion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("phone_hash", models.CharField(max_length=64, unique=True)),
                (
                    "asks",
                    models.CharField(
                        choices=[("language", "quelle langue"), ("withdraw", "retirer l’accord")], max_length=10
                    ),
                ),
                ("receipt_number", core.sealed_models.SealedField(default=None, null=True)),
                ("asked_at", models.DateTimeField()),
                ("until", models.DateTimeField(db_index=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReceiptAttempt",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField(default=0)),
                ("since", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SourceRecord",
            fields=[
                ("key_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("content_hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="UsualDelay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measured_on", models.DateField(unique=True)),
                ("cases", models.PositiveIntegerField()),
                ("median_seconds", models.PositiveBigIntegerField(null=True)),
                (
                    "ninth_seconds",
                    models.PositiveBigIntegerField(help_text="nine in ten had their answer by then", null=True),
                ),
            ],
            options={
                "ordering": ["-measured_on"],
            },
        ),
        migrations.CreateModel(
            name="Booklet",
            fields=[
                ("relay", models.CharField(max_length=80, verbose_name="relais")),
                ("count", models.PositiveSmallIntegerField(verbose_name="numéros")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organisation",
                        verbose_name="organisation du relais",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at"],
            },
        ),
        migrations.CreateModel(
            name="BookletNumber",
            fields=[
                ("number_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("claim", models.CharField(blank=True, max_length=64)),
                (
                    "booklet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="numbers", to="feedback.booklet"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                ("code", models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="code")),
                ("label", models.CharField(max_length=120, verbose_name="libellé")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "sans objet"),
                            (1, "faible"),
                            (2, "moyen"),
                            (3, "élevé"),
                            (4, "critique"),
                            (5, "urgent"),
                        ],
                        verbose_name="niveau",
                    ),
                ),
                (
                    "sensitivity",
                    models.CharField(
                        choices=[
                            ("S1", "S1 – public, agrégeable"),
                            ("S2", "S2 – restreint aux membres"),
                            ("S3", "S3 – confidentiel"),
                            ("S4", "S4 – strictement confidentiel"),
                        ],
                        max_length=2,
                        verbose_name="sensibilité",
                    ),
                ),
                (
                    "restricted_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("integrity", "Intégrité"),
                            ("protection", "Protection (VBG, PE)"),
                            ("security", "Sécurité"),
                            ("data", "Données personnelles"),
                        ],
                        max_length=12,
                        verbose_name="destinataires désignés",
                    ),
                ),
                ("is_vault", models.BooleanField(default=False, verbose_name="relève du circuit PEAS")),
                ("is_counted", models.BooleanField(default=True, verbose_name="compte dans les indicateurs")),
                ("routing", models.CharField(blank=True, max_length=160, verbose_name="acheminement par défaut")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True, verbose_name="proposée")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="feedback.category",
                    ),
                ),
            ],
            options={
                "verbose_name": "catégorie",
                "ordering": ["position", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("restricted_kind__in", ["", "integrity", "protection", "security", "data"])
                        ),
                        name="category_known_restricted_kind",
                        violation_error_message="Ce type de destinataires n'existe pas.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_vault", True), _negated=True), ("restricted_kind", ""), _connector="OR"
                        ),
                        name="category_vault_is_not_restricted",
                        violation_error_message="Une catégorie du circuit PEAS n'a pas d'autres destinataires.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sensitivity__in", ["S3", "S4"]), _negated=True),
                            ("is_vault", True),
                            models.Q(("restricted_kind", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="category_sensitive_has_recipients",
                        violation_error_message="Une catégorie S3 ou S4 doit avoir des destinataires désignés.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                (
                    "reference",
                    models.CharField(
                        default=feedback.references.new_reference,
                        editable=False,
                        max_length=7,
                        unique=True,
                        verbose_name="référence",
                    ),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("new", "à trier"),
                            ("triaged", "trié"),
                            ("referred", "référé"),
                            ("answered", "répondu"),
                            ("closed", "clos"),
                            ("reopened", "rouvert"),
                            ("merged", "réuni à un autre"),
                            ("protected", "protégé"),
                        ],
                        default="new",
                        max_length=10,
                        protected=True,
                        verbose_name="état",
                    ),
                ),
                (
                    "lane",
                    models.CharField(
                        choices=[("ordinary", "ordinaire"), ("restricted", "restreint")],
                        default="ordinary",
                        max_length=10,
                        verbose_name="circuit",
                    ),
                ),
                (
                    "restricted_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("integrity", "Intégrité"),
                            ("protection", "Protection (VBG, PE)"),
                            ("security", "Sécurité"),
                            ("data", "Données personnelles"),
                        ],
                        max_length=12,
                        verbose_name="destinataires désignés",
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[
                            ("emergency", "Urgence vitale (24 h)"),
                            ("urgent", "Urgent (72 h)"),
                            ("normal", "Normal (2 semaines)"),
                        ],
                        default="normal",
                        max_length=10,
                        verbose_name="priorité",
                    ),
                ),
                ("summary", models.CharField(blank=True, max_length=200, verbose_name="résumé neutre")),
                ("due_at", models.DateTimeField(null=True, verbose_name="réponse attendue avant")),
                ("words", core.sealed_models.SealedField(default=None, null=True)),
                ("place_said", core.sealed_models.SealedField(default=None, null=True)),
                ("contact", core.sealed_models.SealedField(default=None, null=True)),
                ("note", core.sealed_models.SealedField(default=None, null=True)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("sms", "SMS"),
                            ("whatsapp", "WhatsApp"),
                            ("web", "site web"),
                            ("voice", "téléphone"),
                            ("help_desk", "point d'écoute"),
                            ("paper", "papier"),
                            ("relay", "relais communautaire"),
                            ("radio", "radio"),
                            ("api", "système d'une agence"),
                        ],
                        max_length=12,
                        verbose_name="canal",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("self", "la personne elle-même"),
                            ("proxy", "quelqu'un pour elle"),
                            ("group", "un groupe"),
                        ],
                        default="self",
                        max_length=10,
                        verbose_name="qui parle",
                    ),
                ),
                (
                    "group_women",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="femmes du groupe"),
                ),
                ("group_men", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="hommes du groupe")),
                ("received_at", models.DateTimeField(db_index=True, verbose_name="reçu le")),
                ("said_at", models.DateTimeField(blank=True, null=True, verbose_name="dit le")),
                (
                    "recorded_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="saisi le"),
                ),
                ("source_reference", core.sealed_models.SealedField(default=None, null=True)),
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
                (
                    "age_group",
                    models.CharField(
                        choices=[
                            ("child", "Moins de 18 ans"),
                            ("adult", "18 à 59 ans"),
                            ("older", "60 ans et plus"),
                            ("not_said", "non communiqué"),
                        ],
                        default="not_said",
                        max_length=10,
                        verbose_name="âge",
                    ),
                ),
                (
                    "disability",
                    models.CharField(
                        choices=[
                            ("yes", "En situation de handicap"),
                            ("no", "Sans handicap"),
                            ("not_said", "non communiqué"),
                        ],
                        default="not_said",
                        max_length=10,
                        verbose_name="handicap",
                    ),
                ),
                (
                    "population_status",
                    models.CharField(
                        choices=[
                            ("idp", "Personne déplacée interne (PDI)"),
                            ("host", "Communauté hôte"),
                            ("returnee", "Personne retournée"),
                            ("refugee", "Personne réfugiée"),
                            ("not_said", "non communiqué"),
                        ],
                        default="not_said",
                        max_length=10,
                        verbose_name="statut",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("fra", "Français"),
                            ("bam", "Bambara"),
                            ("ful", "Fulfulde"),
                            ("dts", "Dogon"),
                            ("ses", "Songhay"),
                            ("taq", "Tamasheq"),
                            ("snk", "Soninké"),
                            ("mlq", "Malinké"),
                            ("ara", "Arabe"),
                            ("eng", "Anglais"),
                            ("other", "Autre"),
                            ("not_said", "non communiqué"),
                        ],
                        default="not_said",
                        max_length=10,
                        verbose_name="langue",
                    ),
                ),
                (
                    "safe_contact",
                    models.CharField(
                        choices=[
                            ("none", "aucun moyen"),
                            ("sms", "SMS"),
                            ("call", "appel"),
                            ("relay", "par une personne de confiance"),
                            ("web", "sur le site, avec le numéro"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="moyen sûr",
                    ),
                ),
                (
                    "sms_may_be_read",
                    models.BooleanField(default=False, verbose_name="le SMS peut être lu par d'autres"),
                ),
                (
                    "objects_to_sharing",
                    models.BooleanField(default=False, verbose_name="ne veut pas que la demande soit transmise"),
                ),
                ("receipt_number", core.sealed_models.SealedField(default=None, null=True)),
                ("receipt_hash", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ("code_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("phone_hash", models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ("last_spoke_at", models.DateTimeField(editable=False)),
                ("has_unread_words", models.BooleanField(default=True, verbose_name="mots non lus")),
                ("settled_asked_at", models.DateTimeField(editable=False, null=True)),
                ("danger_at", models.DateTimeField(editable=False, null=True)),
                ("danger_due_at", models.DateTimeField(editable=False, null=True, verbose_name="appeler avant")),
                ("danger_over_at", models.DateTimeField(editable=False, null=True)),
                ("to_speak_with_at", models.DateTimeField(editable=False, null=True)),
                ("settled_asked_again_at", models.DateTimeField(editable=False, null=True)),
                ("failed_deliveries", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("first_failed_at", models.DateTimeField(editable=False, null=True)),
                ("unreachable_at", models.DateTimeField(editable=False, null=True, verbose_name="injoignable depuis")),
                ("is_test", models.BooleanField(default=False, verbose_name="essai")),
                (
                    "in_training",
                    models.BooleanField(
                        default=False, editable=False, help_text="said while practising: a test for good"
                    ),
                ),
                ("triaged_at", models.DateTimeField(editable=False, null=True)),
                ("first_referred_at", models.DateTimeField(editable=False, null=True)),
                ("answered_at", models.DateTimeField(editable=False, null=True)),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "closed_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "réponse donnée"),
                            ("no_answer_wanted", "pas de réponse souhaitée"),
                            ("thanks", "remerciement"),
                            ("unintelligible", "incompréhensible"),
                            ("test", "essai, erreur ou indésirable"),
                        ],
                        editable=False,
                        max_length=20,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("settled", "réglé"),
                            ("partly", "réglé en partie"),
                            ("not_settled", "non réglé"),
                            ("unreachable", "personne injoignable"),
                            ("no_way", "aucun moyen de joindre la personne"),
                            ("no_answer_wanted", "pas de réponse souhaitée"),
                        ],
                        max_length=20,
                        verbose_name="issue",
                    ),
                ),
                (
                    "settled",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "réglé"), ("partly", "réglé en partie"), ("no", "pas réglé")],
                        max_length=10,
                        verbose_name="réglé selon la personne",
                    ),
                ),
                ("settled_at", models.DateTimeField(editable=False, null=True)),
                ("reopened_at", models.DateTimeField(editable=False, null=True)),
                ("reopen_count", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("merged_at", models.DateTimeField(editable=False, null=True)),
                ("protected_at", models.DateTimeField(editable=False, null=True)),
                (
                    "is_tallied",
                    models.BooleanField(
                        default=False, editable=False, help_text="the sums of figures have taken it in"
                    ),
                ),
                (
                    "forgotten_at",
                    models.DateTimeField(editable=False, help_text="its texts were destroyed: retention", null=True),
                ),
                (
                    "concerned",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organisation",
                        verbose_name="organisation concernée",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_for",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organisation",
                        verbose_name="recueilli par",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="feedback.case",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.place",
                        verbose_name="lieu",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organisation",
                        verbose_name="source",
                    ),
                ),
                (
                    "split_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="feedback.case",
                    ),
                ),
                (
                    "triaged_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="feedback.category",
                        verbose_name="catégorie",
                    ),
                ),
            ],
            options={
                "verbose_name": "dossier",
                "ordering": ["-received_at"],
                "indexes": [
                    models.Index(fields=["state", "received_at"], name="case_queue"),
                    models.Index(fields=["first_referred_at"], name="case_first_referred"),
                    models.Index(
                        condition=models.Q(("is_tallied", False)), fields=["received_at"], name="case_to_tally"
                    ),
                    models.Index(
                        condition=models.Q(("has_unread_words", True)), fields=["received_at"], name="case_unread"
                    ),
                    models.Index(
                        condition=models.Q(("to_speak_with_at__isnull", False)),
                        fields=["to_speak_with_at"],
                        name="case_to_speak_with",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled_asked_again_at__isnull", True),
                            ("settled_asked_at__isnull", False),
                            _connector="OR",
                        ),
                        name="case_asked_again_was_asked",
                        violation_error_message="On ne redemande que ce qui a été demandé.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("failed_deliveries", 0),
                                ("first_failed_at__isnull", True),
                                ("unreachable_at__isnull", True),
                            ),
                            models.Q(("failed_deliveries__gt", 0), ("first_failed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="case_failures_have_a_date",
                        violation_error_message="Un envoi non remis a une date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("in_training", False), ("is_test", True), _connector="OR"),
                        name="case_training_is_a_test",
                        violation_error_message="Ce qui est dit pendant un entraînement est un essai.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["new", "triaged", "referred", "answered", "closed", "reopened", "merged", "protected"],
                            )
                        ),
                        name="case_known_state",
                        violation_error_message="Cet état n'existe pas.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lane", "ordinary"), ("restricted_kind", "")),
                            models.Q(
                                ("lane", "restricted"),
                                ("restricted_kind__in", ["integrity", "protection", "security", "data"]),
                            ),
                            _connector="OR",
                        ),
                        name="case_lane_and_kind",
                        violation_error_message="Un dossier restreint a des destinataires désignés, un dossier ordinaire n'en a pas.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["triaged", "referred", "answered"]), _negated=True),
                            models.Q(("category__isnull", False), ("triaged_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="case_sorted_has_category",
                        violation_error_message="Un dossier trié a une catégorie et une date de tri.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["triaged", "referred", "answered"]), _negated=True),
                            models.Q(("summary", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="case_sorted_has_summary",
                        violation_error_message="Un dossier trié a un résumé neutre.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["referred"]), _negated=True),
                            ("first_referred_at__isnull", False),
                            _connector="OR",
                        ),
                        name="case_referred_has_date",
                        violation_error_message="Un dossier référé a une date de premier référencement.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["answered"]), _negated=True),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="case_answered_has_date",
                        violation_error_message="Un dossier répondu a une date de réponse.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["closed"]), _negated=True),
                            models.Q(("closed_at__isnull", False), models.Q(("closed_because", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="case_closed_has_reason_and_date",
                        violation_error_message="Un dossier clos a une raison et une date de clôture.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["closed", "merged", "protected"]),
                            models.Q(("closed_at__isnull", True), ("closed_because", ""), ("outcome", "")),
                            _connector="OR",
                        ),
                        name="case_open_is_not_closed",
                        violation_error_message="Un dossier ouvert n'a ni issue ni date de clôture.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_because", "answered"), _negated=True),
                            models.Q(("outcome", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="case_answered_and_closed_has_outcome",
                        violation_error_message="Un dossier clos après réponse dit son issue.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["reopened"]), _negated=True),
                            models.Q(("reopen_count__gt", 0), ("reopened_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="case_reopened_has_date",
                        violation_error_message="Un dossier rouvert a une date de réouverture.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merged_at__isnull", False), ("merged_into__isnull", False), ("state", "merged")),
                            models.Q(
                                models.Q(("state", "merged"), _negated=True),
                                ("merged_at__isnull", True),
                                ("merged_into__isnull", True),
                            ),
                            ("state", "protected"),
                            _connector="OR",
                        ),
                        name="case_merged_has_target",
                        violation_error_message="Un dossier réuni à un autre dit lequel et quand.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["protected"]), _negated=True),
                            models.Q(
                                ("protected_at__isnull", False),
                                ("contact__isnull", True),
                                ("data_key__isnull", True),
                                ("note__isnull", True),
                                ("phone_hash", ""),
                                ("place_said__isnull", True),
                                ("receipt_hash__isnull", True),
                                ("receipt_number__isnull", True),
                                ("source_reference__isnull", True),
                                ("summary", ""),
                                ("words__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="case_protected_keeps_nothing",
                        violation_error_message="Un dossier protégé ne garde ici ni mots, ni contact, ni numéro.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("forgotten_at__isnull", True),
                            models.Q(
                                ("contact__isnull", True),
                                ("data_key__isnull", True),
                                ("note__isnull", True),
                                ("phone_hash", ""),
                                ("place_said__isnull", True),
                                ("receipt_hash__isnull", True),
                                ("receipt_number__isnull", True),
                                ("source_reference__isnull", True),
                                ("summary", ""),
                                ("words__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="case_forgotten_keeps_nothing",
                        violation_error_message="Un dossier dont la conservation est finie ne garde ni mots, ni contact, ni numéro.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled", ""), ("settled_at__isnull", True)),
                            models.Q(("settled__in", ["yes", "partly", "no"]), ("settled_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="case_settled_has_date",
                        violation_error_message="Ce que la personne dit de la réponse a une date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("danger_at__isnull", True),
                                ("danger_due_at__isnull", True),
                                ("danger_over_at__isnull", True),
                            ),
                            models.Q(("danger_at__isnull", False), ("danger_due_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="case_danger_has_its_clock",
                        violation_error_message="Un danger signalé a un délai pour appeler.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("said_at__isnull", True), ("said_at__lte", models.F("recorded_at")), _connector="OR"
                        ),
                        name="case_said_before_recorded",
                        violation_error_message="Ce qui est dit l'est avant d'être saisi.",
                    ),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="CohortTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("day", models.DateField()),
                ("pcode", models.CharField(blank=True, max_length=12)),
                ("facet", models.CharField(blank=True, max_length=10)),
                ("value", models.CharField(blank=True, max_length=40)),
                ("other", models.CharField(blank=True, max_length=40)),
                ("referred", models.IntegerField(default=0)),
                ("answered", models.IntegerField(default=0)),
                ("on_time", models.IntegerField(default=0)),
                ("confirmed", models.IntegerField(default=0)),
                ("responses", models.IntegerField(default=0)),
                ("adjustments", models.IntegerField(default=0)),
                ("services", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facet", "month", "pcode", "value", "other", "day"), name="cohort_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CollectedReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "digest",
                    models.CharField(help_text="of all its counts: whether another says the same", max_length=64),
                ),
                ("received_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(null=True)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organisation",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "ordering": ["source", "-first_day", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "first_day", "last_day", "version"),
                        name="collected_version_once",
                        violation_error_message="Cette version existe déjà.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at", None)),
                        fields=("source", "first_day", "last_day"),
                        name="collected_one_in_force",
                        violation_error_message="Une source n’a qu’un relevé en vigueur par période.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gt", models.F("first_day"))),
                        name="collected_ends_after_it_begins",
                        violation_error_message="La fin vient avant le début.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CollectedCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    ),
                ),
                (
                    "age_group",
                    models.CharField(
                        choices=[
                            ("child", "Moins de 18 ans"),
                            ("adult", "18 à 59 ans"),
                            ("older", "60 ans et plus"),
                            ("not_said", "non communiqué"),
                        ],
                        default="not_said",
                        max_length=10,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sms", "SMS"),
                            ("whatsapp", "WhatsApp"),
                            ("web", "site web"),
                            ("voice", "téléphone"),
                            ("help_desk", "point d'écoute"),
                            ("paper", "papier"),
                            ("relay", "relais communautaire"),
                            ("radio", "radio"),
                            ("api", "système d'une agence"),
                        ],
                        max_length=12,
                    ),
                ),
                ("count", models.PositiveIntegerField()),
                (
                    "category",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.category"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.place"
                    ),
                ),
                (
                    "reading",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counts",
                        to="feedback.collectedreading",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                (
                    "wish",
                    models.CharField(
                        choices=[
                            ("see", "voir ce que j’ai dit et ce que vous gardez"),
                            ("correct", "corriger ce que j’ai dit"),
                            ("erase", "effacer ce que j’ai dit"),
                        ],
                        max_length=10,
                        verbose_name="demande",
                    ),
                ),
                ("words", core.sealed_models.SealedField(default=None, null=True)),
                ("had_code", models.BooleanField(default=False, verbose_name="donnée avec le code")),
                ("asked_at", models.DateTimeField(verbose_name="demandé le")),
                ("due_at", models.DateTimeField(verbose_name="à décider avant")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("granted", "acceptée"), ("refused", "refusée")],
                        max_length=10,
                        verbose_name="décision",
                    ),
                ),
                ("decided_at", models.DateTimeField(editable=False, null=True)),
                ("reason", core.sealed_models.SealedField(default=None, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="data_requests", to="feedback.case"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "demande sur ses données",
                "ordering": ["due_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("decision", "")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("decision__in", ["granted", "refused"]),
                            ),
                            _connector="OR",
                        ),
                        name="data_request_decided_has_who_and_when",
                        violation_error_message="Une décision dit qui l’a prise et quand.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeadlineRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "clock",
                    models.CharField(
                        choices=[
                            ("acknowledge", "Accuser réception à la personne"),
                            ("triage", "Trier"),
                            ("answer", "Répondre à la personne"),
                            ("refer_out", "Référer ce qui est hors mandat"),
                            ("accept", "Accepter ou refuser un référencement"),
                            ("service", "Rendre un service après référencement"),
                            ("integrity", "Transmettre à l'unité d'intégrité"),
                            ("life_threat", "Appeler en cas de menace vitale"),
                            ("close_loop", "Dire la réponse à la personne"),
                            ("sea_transmit", "EAS : transmettre à l'entité concernée"),
                            ("sea_acknowledge", "EAS : accuser réception par l'entité"),
                            ("sea_assist", "EAS : proposer l'assistance"),
                            ("sea_investigate", "EAS : ouvrir l'enquête"),
                        ],
                        max_length=20,
                        verbose_name="délai",
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("emergency", "Urgence vitale (24 h)"),
                            ("urgent", "Urgent (72 h)"),
                            ("normal", "Normal (2 semaines)"),
                        ],
                        max_length=10,
                        verbose_name="priorité",
                    ),
                ),
                ("hours", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="heures")),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="jours")),
                ("around_the_clock", models.BooleanField(default=False, verbose_name="court jour et nuit")),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="fondement")),
                ("is_sourced", models.BooleanField(default=False, verbose_name="tiré d'une source publiée")),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadline_rules",
                        to="feedback.category",
                        verbose_name="catégorie",
                    ),
                ),
            ],
            options={
                "verbose_name": "délai",
                "ordering": ["clock", "category", "priority"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("clock"),
                        django.db.models.functions.comparison.Coalesce("category", models.Value("")),
                        models.F("priority"),
                        name="deadline_once",
                        violation_error_message="Ce délai existe déjà pour cette catégorie et cette priorité.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("days__isnull", False), ("hours__isnull", True)),
                            models.Q(("days__isnull", True), ("hours__isnull", False)),
                            _connector="OR",
                        ),
                        name="deadline_hours_or_days",
                        violation_error_message="Donnez des heures ou des jours, pas les deux.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deposit",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("cases", "cas par cas"), ("figures", "chiffres agrégés")], max_length=10
                    ),
                ),
                ("way", models.CharField(choices=[("file", "fichier"), ("api", "son système")], max_length=10)),
                ("deposited_at", models.DateTimeField(db_index=True)),
                ("new_count", models.PositiveIntegerField(default=0)),
                ("known_count", models.PositiveIntegerField(default=0)),
                ("changed_count", models.PositiveIntegerField(default=0)),
                ("refused_count", models.PositiveIntegerField(default=0)),
                ("outcomes", models.JSONField(default=list)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["-deposited_at"],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("typed", core.sealed_models.SealedField(default=None, null=True)),
                ("saved_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-saved_at"],
            },
        ),
        migrations.CreateModel(
            name="Envelope",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("gateway", models.CharField(max_length=20)),
                ("provider_id", models.CharField(max_length=120)),
                ("sender", core.sealed_models.SealedField(default=None, null=True)),
                ("recipient", core.sealed_models.SealedField(default=None, null=True)),
                ("body", core.sealed_models.SealedField(default=None, null=True)),
                ("receipt_number", core.sealed_models.SealedField(default=None, null=True)),
                ("extras", core.sealed_models.SealedField(default=None, null=True)),
                (
                    "joint",
                    models.CharField(
                        blank=True, help_text="shared by the parts of one message, until it is handled", max_length=64
                    ),
                ),
                ("part", models.PositiveSmallIntegerField(default=0)),
                ("parts", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("stored", "reçue"), ("handled", "traitée"), ("flagged", "à regarder")],
                        default="stored",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=80)),
                ("sent_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "stored")), fields=["received_at"], name="envelope_waiting"
                    ),
                    models.Index(
                        condition=models.Q(("joint", ""), _negated=True), fields=["joint"], name="envelope_parts"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("gateway", "provider_id"), name="envelope_once_per_provider_id"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "handled"), _negated=True),
                            models.Q(
                                ("body__isnull", True),
                                ("data_key__isnull", True),
                                ("receipt_number__isnull", True),
                                ("sender__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="envelope_handled_keeps_nothing",
                        violation_error_message="Un message traité ne garde ni texte ni numéro.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadyAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("fra", "Français"),
                            ("bam", "Bambara"),
                            ("ful", "Fulfulde"),
                            ("dts", "Dogon"),
                            ("ses", "Songhay"),
                            ("taq", "Tamasheq"),
                            ("snk", "Soninké"),
                            ("mlq", "Malinké"),
                            ("ara", "Arabe"),
                            ("eng", "Anglais"),
                            ("other", "Autre"),
                            ("not_said", "non communiqué"),
                        ],
                        default="fra",
                        max_length=10,
                        verbose_name="langue",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="titre")),
                ("words", models.TextField(verbose_name="texte")),
                ("is_active", models.BooleanField(default=True, verbose_name="proposée")),
                ("use_count", models.PositiveIntegerField(default=0, editable=False, verbose_name="utilisations")),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ready_answers",
                        to="feedback.category",
                        verbose_name="catégorie",
                    ),
                ),
                (
                    "original",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="variants",
                        to="feedback.readyanswer",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ready_answers",
                        to="directory.place",
                        verbose_name="lieu",
                    ),
                ),
            ],
            options={
                "verbose_name": "réponse toute prête",
                "ordering": ["category", "title"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("original__isnull", False)),
                        fields=("original", "language"),
                        name="ready_answer_one_variant_a_language",
                        violation_error_message="Cette réponse existe déjà dans cette langue.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("response", "réponse"),
                            ("adjustment", "ajustement du programme"),
                            ("service_provided", "service rendu"),
                            ("unsuccessful", "sans succès"),
                        ],
                        max_length=20,
                        verbose_name="type de réponse",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("operator", "équipe d'écoute"),
                            ("library", "réponse toute prête"),
                            ("referral", "organisation saisie"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", core.sealed_models.SealedField(default=None, null=True)),
                ("given_at", models.DateTimeField()),
                (
                    "told_how",
                    models.CharField(
                        choices=[
                            ("sms", "SMS, avec les mots de la réponse"),
                            ("sms_notice", "SMS, sans les mots de la réponse"),
                            ("call", "appel"),
                            ("in_person", "de vive voix"),
                            ("relay", "par une personne de confiance"),
                            ("web", "à lire sur le site"),
                            ("group", "au groupe"),
                            ("not_yet", "pas encore dit"),
                        ],
                        default="not_yet",
                        max_length=12,
                    ),
                ),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "delivery",
                    models.CharField(
                        choices=[
                            ("waiting", "à dire"),
                            ("sent", "envoyée"),
                            ("delivered", "remise"),
                            ("failed", "non remise"),
                            ("told", "dite"),
                            ("readable", "à lire sur le site"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("delivery_at", models.DateTimeField(null=True)),
                (
                    "readable_here",
                    models.BooleanField(default=False, verbose_name="peut être lue sur le site avec le numéro"),
                ),
                (
                    "outbound_id",
                    models.UUIDField(editable=False, help_text="the message that carried it, if any", null=True),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "given_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="feedback.case"
                    ),
                ),
                (
                    "ready_answer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="feedback.readyanswer",
                    ),
                ),
            ],
            options={
                "ordering": ["given_at"],
                "get_latest_by": "given_at",
                "indexes": [
                    models.Index(
                        condition=models.Q(("delivery__in", ["waiting", "failed"])),
                        fields=["case"],
                        name="answer_untold",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("told_at__isnull", True), ("told_how", "not_yet")),
                            models.Q(models.Q(("told_how", "not_yet"), _negated=True), ("told_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="answer_told_has_date",
                        violation_error_message="Une réponse dite a une date et un moyen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("delivery", "waiting"), ("delivery_at__isnull", False), _connector="OR"),
                        name="answer_delivery_has_date",
                        violation_error_message="L'état de remise d'une réponse a une date.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScreeningChange",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("number", models.PositiveIntegerField(editable=False, unique=True)),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("fra", "Français"),
                            ("bam", "Bambara"),
                            ("ful", "Fulfulde"),
                            ("dts", "Dogon"),
                            ("ses", "Songhay"),
                            ("taq", "Tamasheq"),
                            ("snk", "Soninké"),
                            ("mlq", "Malinké"),
                            ("ara", "Arabe"),
                            ("eng", "Anglais"),
                            ("other", "Autre"),
                            ("not_said", "non communiqué"),
                        ],
                        max_length=10,
                        verbose_name="langue",
                    ),
                ),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("raises", "fait sceller le message"),
                            ("spares", "est laissé de côté, sans rien cacher d’autre"),
                        ],
                        max_length=10,
                        verbose_name="effet",
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[("add", "ajouter"), ("switch_off", "éteindre"), ("put_back", "remettre")],
                        max_length=10,
                        verbose_name="acte",
                    ),
                ),
                ("entry", core.sealed_models.SealedField(default=None, null=True)),
                ("reason", core.sealed_models.SealedField(default=None, null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Sheet",
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
                ("content", core.sealed_models.SealedField(default=None, null=True)),
                ("usual", models.JSONField(default=dict)),
                ("saved_count", models.PositiveIntegerField(default=0)),
                ("refused", models.JSONField(default=list)),
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
                        condition=models.Q(
                            ("finished_at", None), models.Q(("content", None), ("data_key", None)), _connector="OR"
                        ),
                        name="sheet_finished_keeps_nothing",
                        violation_error_message="Un fichier repris ne garde rien de son contenu.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceFile",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("cases", "cas par cas"), ("figures", "chiffres agrégés")], max_length=10
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sms", "SMS"),
                            ("whatsapp", "WhatsApp"),
                            ("web", "site web"),
                            ("voice", "téléphone"),
                            ("help_desk", "point d'écoute"),
                            ("paper", "papier"),
                            ("relay", "relais communautaire"),
                            ("radio", "radio"),
                            ("api", "système d'une agence"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "safe_contact",
                    models.CharField(
                        choices=[
                            ("none", "aucun moyen"),
                            ("sms", "SMS"),
                            ("call", "appel"),
                            ("relay", "par une personne de confiance"),
                            ("web", "sur le site, avec le numéro"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("content", core.sealed_models.SealedField(default=None, null=True)),
                ("unknown", core.sealed_models.SealedField(default=None, null=True)),
                ("noted", models.JSONField(default=list)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organisation",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "ordering": ["-uploaded_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("confirmed_at", None), ("checked_at__isnull", False), _connector="OR"),
                        name="source_file_checked_before_confirmed",
                        violation_error_message="Un fichier est vérifié avant d’être repris.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at", None),
                            models.Q(("content", None), ("data_key", None), ("unknown", None)),
                            _connector="OR",
                        ),
                        name="source_file_finished_keeps_nothing",
                        violation_error_message="Un fichier repris ne garde rien de son contenu.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceWord",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                (
                    "word_hash",
                    models.CharField(help_text="keyed, of the source and the word", max_length=64, unique=True),
                ),
                ("word", core.sealed_models.SealedField(default=None, null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="feedback.category",
                        verbose_name="catégorie",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("category", None), ("decided_at__isnull", False), _connector="OR"),
                        name="source_word_category_was_decided",
                        violation_error_message="Une catégorie est décidée par quelqu’un.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TextVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        choices=[
                            ("receipt", "accusé de réception"),
                            ("added", "mots ajoutés à un message"),
                            ("help", "réponse à AIDE"),
                            ("number_mistyped", "numéro mal recopié"),
                            ("status_received", "réponse à SUIVI : reçu"),
                            ("status_in_progress", "réponse à SUIVI : en cours"),
                            ("status_answered", "réponse à SUIVI : répondu"),
                            ("status_unknown", "réponse à SUIVI : rien à ce numéro"),
                            ("answer_waiting", "une réponse attend"),
                            ("settled_question", "est-ce réglé ?"),
                            ("settled_thanks", "merci de l’avoir dit"),
                            ("reopened", "rouvert par la personne"),
                            ("stopped", "réponse à STOP"),
                            ("restarted", "réponse à START"),
                            ("receipt_urgent", "accusé de réception, avec le numéro d’urgence"),
                            ("urgent", "le numéro d’urgence, à qui ajoute des mots"),
                            ("language_question", "réponse à LANGUE"),
                            ("language_set", "langue choisie"),
                            ("language_noted", "langue choisie, dans laquelle nous n’écrivons pas encore"),
                            ("withdraw_question", "réponse à ANNULER : confirmer ?"),
                            ("withdrawn", "accord retiré"),
                            ("withdraw_kept", "accord gardé"),
                            ("ask_place", "question : où est-ce ?"),
                            ("ask_safe_contact", "question : comment vous joindre ?"),
                            ("ask_contact", "question : donner votre numéro ?"),
                            ("answer_noted", "réponse notée"),
                        ],
                        max_length=30,
                        verbose_name="texte",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("fra", "Français"),
                            ("bam", "Bambara"),
                            ("ful", "Fulfulde"),
                            ("dts", "Dogon"),
                            ("ses", "Songhay"),
                            ("taq", "Tamasheq"),
                            ("snk", "Soninké"),
                            ("mlq", "Malinké"),
                            ("ara", "Arabe"),
                            ("eng", "Anglais"),
                            ("other", "Autre"),
                            ("not_said", "non communiqué"),
                        ],
                        max_length=10,
                        verbose_name="langue",
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="texte")),
                ("written_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("speaker", models.CharField(blank=True, max_length=120, verbose_name="lu et approuvé par")),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-written_at", "-pk"],
                "indexes": [models.Index(fields=["name", "language", "-written_at"], name="text_version_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True), ("speaker", "")),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_by__isnull", False),
                                models.Q(("speaker", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="text_version_approved_by_a_speaker",
                        violation_error_message="Une approbation a une date, un compte et une personne qui parle la langue.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VoiceTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("day", models.DateField()),
                ("pcode", models.CharField(blank=True, max_length=12)),
                ("facet", models.CharField(blank=True, max_length=10)),
                ("value", models.CharField(blank=True, max_length=40)),
                ("other", models.CharField(blank=True, max_length=40)),
                ("said", models.IntegerField(default=0)),
                ("triaged", models.IntegerField(default=0)),
                ("referred", models.IntegerField(default=0)),
                ("answered", models.IntegerField(default=0)),
                ("told", models.IntegerField(default=0)),
                ("settled", models.IntegerField(default=0)),
                ("spoke", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facet", "month", "pcode", "value", "other", "day"), name="voices_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WaitTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("day", models.DateField()),
                ("pcode", models.CharField(blank=True, max_length=12)),
                ("facet", models.CharField(blank=True, max_length=10)),
                ("value", models.CharField(blank=True, max_length=40)),
                ("other", models.CharField(blank=True, max_length=40)),
                ("days", models.PositiveIntegerField()),
                ("answered", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facet", "month", "pcode", "value", "other", "days", "day"), name="waits_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseFacts",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="facts",
                        serialize=False,
                        to="feedback.case",
                    ),
                ),
                ("is_ordinary", models.BooleanField()),
                ("pcode", models.CharField(blank=True, max_length=12)),
                ("category_code", models.CharField(blank=True, max_length=40)),
                ("channel", models.CharField(max_length=12)),
                ("sex", models.CharField(max_length=10)),
                ("age_group", models.CharField(max_length=10)),
                ("population_status", models.CharField(max_length=10)),
                ("language", models.CharField(max_length=10)),
                ("received_at", models.DateTimeField()),
                ("was_triaged", models.BooleanField()),
                ("was_referred", models.BooleanField()),
                ("was_answered", models.BooleanField()),
                ("was_told", models.BooleanField()),
                ("settled", models.CharField(blank=True, max_length=10)),
                ("settled_at", models.DateTimeField(null=True)),
                ("first_sent", models.DateTimeField(null=True)),
                ("first_answer", models.DateTimeField(null=True)),
                ("was_on_time", models.BooleanField()),
                ("first_response", models.DateTimeField(null=True)),
                ("first_adjustment", models.DateTimeField(null=True)),
                ("first_service", models.DateTimeField(null=True)),
                ("days", models.PositiveIntegerField(null=True)),
                ("is_stale", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("is_stale", True)), fields=["case"], name="facts_stale"),
                    models.Index(
                        condition=models.Q(("is_ordinary", True)), fields=["received_at"], name="facts_received"
                    ),
                    models.Index(
                        condition=models.Q(("first_sent__isnull", False)), fields=["first_sent"], name="facts_sent"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseImplicated",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="implicated_rows", to="feedback.case"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.office",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("office__isnull", True), ("organisation__isnull", False), ("user__isnull", True)),
                            models.Q(("office__isnull", False), ("organisation__isnull", True), ("user__isnull", True)),
                            models.Q(("office__isnull", True), ("organisation__isnull", True), ("user__isnull", False)),
                            _connector="OR",
                        ),
                        name="implicated_is_one_of_three",
                        violation_error_message="Choisissez une organisation, un bureau ou une personne.",
                    ),
                    models.UniqueConstraint(
                        models.F("case"),
                        django.db.models.functions.comparison.Coalesce("organisation", 0),
                        django.db.models.functions.comparison.Coalesce("office", 0),
                        django.db.models.functions.comparison.Coalesce("user", 0),
                        name="implicated_once",
                        violation_error_message="Cette mise en cause est déjà notée.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseMessage",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                (
                    "direction",
                    models.CharField(
                        choices=[("in", "de la personne"), ("out", "à la personne"), ("note", "note interne")],
                        max_length=4,
                    ),
                ),
                ("body", core.sealed_models.SealedField(default=None, null=True)),
                ("recording", core.sealed_models.SealedField(default=None, null=True)),
                ("picture", core.sealed_models.SealedField(default=None, null=True)),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sms", "SMS"),
                            ("whatsapp", "WhatsApp"),
                            ("web", "site web"),
                            ("voice", "téléphone"),
                            ("help_desk", "point d'écoute"),
                            ("paper", "papier"),
                            ("relay", "relais communautaire"),
                            ("radio", "radio"),
                            ("api", "système d'une agence"),
                        ],
                        max_length=12,
                    ),
                ),
                ("awaits_reply", models.BooleanField(default=False, help_text="our open question to the person")),
                (
                    "asks",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("place", "Où est-ce ?"),
                            ("safe_contact", "Comment la joindre sans risque ?"),
                            ("contact", "Son numéro peut-il être donné à l’organisation ?"),
                        ],
                        help_text="a short question",
                        max_length=12,
                    ),
                ),
                (
                    "is_unread",
                    models.BooleanField(default=False, help_text="the person's own words, which nobody has read yet"),
                ),
                ("said_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="feedback.case"
                    ),
                ),
            ],
            options={
                "ordering": ["said_at", "recorded_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("awaits_reply", False), ("direction", "out"), _connector="OR"),
                        name="message_only_ours_await_reply",
                        violation_error_message="Seul un message à la personne peut attendre une réponse.",
                    )
                ],
            },
        ),
    ]
