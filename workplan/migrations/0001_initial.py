import uuid

import django.core.validators
import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models

import core.sealed_models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directory", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("feedback", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Axis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.TextField()),
            ],
            options={
                "ordering": ["plan", "number"],
            },
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=10)),
                ("title", models.TextField()),
                ("focus", models.CharField(blank=True, max_length=10)),
                ("reporter", models.CharField(blank=True, max_length=200)),
                ("open_to_every_lead", models.BooleanField(default=False)),
                ("doubt", models.TextField(blank=True)),
                ("inferred", models.JSONField(default=list)),
                ("expertise", models.JSONField(default=list)),
                ("reporters", models.ManyToManyField(blank=True, related_name="+", to="directory.organisation")),
            ],
            options={
                "ordering": ["objective", "number"],
            },
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=12)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("yes_no", "oui ou non"),
                            ("count", "nombre"),
                            ("percent", "pourcentage"),
                            ("count_with_share", "nombre et part"),
                            ("count_disaggregated", "nombre désagrégé"),
                        ],
                        max_length=20,
                    ),
                ),
                ("title", models.TextField()),
                ("share", models.CharField(blank=True, max_length=200)),
                ("numerator_unit", models.CharField(blank=True, max_length=200)),
                ("unit", models.CharField(blank=True, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[("manual", "saisi par le responsable"), ("auto", "calculé par la plateforme")],
                        default="manual",
                        max_length=10,
                    ),
                ),
                ("measure", models.CharField(blank=True, max_length=60)),
                ("over", models.JSONField(blank=True, default=dict)),
                ("share_over", models.JSONField(blank=True, default=dict)),
                (
                    "recurrence",
                    models.CharField(
                        choices=[
                            ("once", "une fois (jalon)"),
                            ("yearly", "une fois l’an"),
                            ("quarterly", "chaque trimestre"),
                        ],
                        default="quarterly",
                        max_length=10,
                    ),
                ),
                (
                    "aggregate",
                    models.CharField(
                        choices=[("sum", "somme des trimestres"), ("latest", "dernier trimestre connu")],
                        default="sum",
                        max_length=10,
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[
                            ("up", "une hausse est bonne"),
                            ("down", "une baisse est bonne"),
                            ("none", "sans sens souhaité"),
                        ],
                        default="up",
                        max_length=5,
                    ),
                ),
                ("focus", models.CharField(blank=True, max_length=10)),
                ("doubt", models.TextField(blank=True)),
                ("inferred", models.JSONField(default=list)),
                ("disaggregations", models.JSONField(default=list)),
                ("has_own_windows", models.BooleanField(default=False)),
                (
                    "verifier",
                    models.CharField(
                        choices=[
                            ("secretariat", "Secrétariat de l’EHP avec le Cluster Protection"),
                            ("working_group", "Groupe de travail Redevabilité"),
                            ("psea_coordinator", "Coordination PEAS"),
                        ],
                        max_length=20,
                    ),
                ),
                ("register", models.JSONField(default=dict)),
                ("keeps_register", models.BooleanField(default=False)),
                (
                    "consolidation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sum", "somme de ce que chacune rapporte"),
                            ("latest", "dernière valeur soumise"),
                            ("union", "oui dès que l’une le dit"),
                        ],
                        max_length=10,
                    ),
                ),
                ("baseline", models.PositiveIntegerField(blank=True, null=True)),
                ("baseline_note", models.CharField(blank=True, max_length=200)),
                ("target", models.PositiveIntegerField(blank=True, null=True)),
                ("in_need", models.PositiveIntegerField(blank=True, null=True)),
                ("means_of_verification", models.TextField(blank=True)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="indicators", to="workplan.activity"
                    ),
                ),
            ],
            options={
                "ordering": ["activity", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("activity", "number"), name="indicator_once_per_activity"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("measure", ""), ("source", "manual")),
                            models.Q(("source", "auto"), models.Q(("measure", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="computed_indicator_names_its_measure",
                        violation_error_message="Un indicateur calculé nomme sa mesure ; un indicateur saisi n’en a pas.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objective",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=10)),
                ("title", models.TextField()),
                ("description", models.TextField(blank=True)),
                ("focus", models.CharField(blank=True, max_length=10)),
                (
                    "axis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="objectives", to="workplan.axis"
                    ),
                ),
            ],
            options={
                "ordering": ["axis", "number"],
                "constraints": [models.UniqueConstraint(fields=("axis", "number"), name="objective_once_per_axis")],
            },
        ),
        migrations.AddField(
            model_name="activity",
            name="objective",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="activities", to="workplan.objective"
            ),
        ),
        migrations.CreateModel(
            name="PlaceNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("quarter", models.PositiveSmallIntegerField()),
                ("sms", models.TextField(verbose_name="par SMS")),
                ("radio", models.TextField(verbose_name="à la radio")),
                ("poster", models.TextField(verbose_name="sur une affiche")),
                ("written_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
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
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.place"
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later",
                        to="workplan.placenote",
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
                "ordering": ["-year", "-quarter", "-written_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="note_approved_by_somebody",
                        violation_error_message="Une approbation a une date et un nom.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("country", models.CharField(max_length=2)),
                ("owner", models.CharField(max_length=200)),
                ("years", models.JSONField(default=list)),
                ("focus_areas", models.JSONField(default=list)),
                ("is_invented", models.BooleanField(default=False)),
                ("secretariat", models.ManyToManyField(blank=True, related_name="+", to="directory.organisation")),
            ],
            options={
                "ordering": ["-code"],
            },
        ),
        migrations.AddField(
            model_name="axis",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="axes", to="workplan.plan"
            ),
        ),
        migrations.CreateModel(
            name="PlanChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("made", "plan établi"),
                            ("added", "ajouté"),
                            ("changed", "modifié"),
                            ("settled", "tranché"),
                        ],
                        max_length=10,
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("element", models.PositiveBigIntegerField()),
                ("number", models.CharField(blank=True, max_length=20)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="workplan.plan"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["plan", "kind", "element"], name="plan_change_by_element")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="plan_change_says_why",
                        violation_error_message="Un changement du plan dit pourquoi.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanFile",
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
                ("is_yaml", models.BooleanField(default=False)),
                ("content", core.sealed_models.SealedField(default=None, null=True)),
                ("facts", core.sealed_models.SealedField(default=None, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workplan.plan"
                    ),
                ),
            ],
            options={
                "ordering": ["-uploaded_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at", None), models.Q(("content", None), ("facts", None)), _connector="OR"
                        ),
                        name="plan_file_finished_keeps_nothing",
                        violation_error_message="Un fichier repris ne garde rien de son contenu.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QuarterClosing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("quarter", models.PositiveSmallIntegerField()),
                ("words", models.TextField(blank=True)),
                ("link", models.URLField(blank=True, max_length=500)),
                ("checks", models.JSONField(default=list)),
                ("values", models.JSONField(default=list)),
                ("closed_at", models.DateTimeField()),
                ("reopened_at", models.DateTimeField(null=True)),
                ("reopened_reason", models.CharField(blank=True, max_length=500)),
                (
                    "closed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="closings", to="workplan.plan"
                    ),
                ),
                (
                    "reopened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-year", "-quarter", "-closed_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reopened_at", None)),
                        fields=("plan", "year", "quarter"),
                        name="quarter_closed_once",
                        violation_error_message="Ce trimestre est déjà clos.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reopened_at", None), ("reopened_by", None), ("reopened_reason", "")),
                            models.Q(
                                ("reopened_at__isnull", False),
                                ("reopened_by__isnull", False),
                                models.Q(("reopened_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reopening_says_by_whom_and_why",
                        violation_error_message="Une réouverture dit par qui et pourquoi.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("quarter", models.PositiveSmallIntegerField()),
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("draft", "brouillon"),
                            ("submitted", "soumis"),
                            ("verified", "vérifié"),
                            ("returned", "renvoyé"),
                        ],
                        default="draft",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("number", models.PositiveIntegerField(null=True)),
                ("numerator", models.PositiveIntegerField(null=True)),
                ("denominator", models.PositiveIntegerField(null=True)),
                ("yes", models.BooleanField(null=True)),
                ("breakdown", models.JSONField(default=dict)),
                ("reached_on", models.DateField(null=True)),
                ("narrative", models.TextField(blank=True)),
                ("evidence", models.URLField(blank=True, max_length=500)),
                ("computed", models.BooleanField(default=False)),
                ("cutoff", models.DateTimeField(null=True)),
                ("definition_version", models.CharField(blank=True, max_length=20)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("binding", models.JSONField(blank=True, default=dict)),
                ("register_version", models.CharField(blank=True, max_length=20)),
                ("correction_reason", models.TextField(blank=True)),
                ("return_reason", models.TextField(blank=True)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("verified_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "drafted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="workplan.indicator"
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
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organisation",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["indicator", "year", "quarter", "version"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("place", None), ("reporter", None)),
                        fields=("indicator", "year", "quarter", "version"),
                        name="reading_once_per_period",
                        violation_error_message="Ce trimestre a déjà une valeur pour cet indicateur.",
                    ),
                    models.UniqueConstraint(
                        fields=("indicator", "year", "quarter", "place", "version"),
                        name="reading_once_per_period_and_place",
                        violation_error_message="Ce trimestre a déjà une valeur pour cet indicateur et ce lieu.",
                    ),
                    models.UniqueConstraint(
                        fields=("indicator", "year", "quarter", "reporter", "version"),
                        name="reading_once_per_period_and_reporter",
                        violation_error_message="Votre organisation a déjà une valeur pour ce trimestre.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place", None), ("reporter", None), _connector="OR"),
                        name="part_of_a_place_or_of_a_reporter",
                        violation_error_message="Une part est d’un lieu ou d’une organisation, pas des deux.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "verified"), _negated=True),
                            models.Q(("verified_at__isnull", False), ("verified_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="verified_reading_says_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verified_by", None),
                            models.Q(
                                models.Q(
                                    ("submitted_by", None),
                                    models.Q(("verified_by", models.F("submitted_by")), _negated=True),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("drafted_by", None),
                                    models.Q(("verified_by", models.F("drafted_by")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="nobody_verifies_their_own_reading",
                        violation_error_message="On ne vérifie pas ce que l’on a rapporté soi-même.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("version", 1), models.Q(("correction_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="correction_says_why",
                        violation_error_message="Une correction dit pourquoi.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "returned"), _negated=True),
                            models.Q(("return_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="returned_reading_says_why",
                        violation_error_message="Un renvoi dit pourquoi.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("numerator", None),
                            ("denominator", None),
                            ("numerator__lte", models.F("denominator")),
                            _connector="OR",
                        ),
                        name="part_within_whole",
                        violation_error_message="La part ne peut pas dépasser le total.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reached_on", None), ("yes", True), _connector="OR"),
                        name="only_what_was_reached_has_a_day",
                        violation_error_message="Seul un jalon atteint a une date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quarter__gte", 1), ("quarter__lte", 4)), name="reading_of_a_quarter"
                    ),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="ReadingFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("name", core.sealed_models.SealedField(default=None, null=True)),
                ("content", core.sealed_models.SealedField(default=None, null=True)),
                ("size", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reading",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="workplan.reading"
                    ),
                ),
            ],
            options={
                "ordering": ["reading", "added_at"],
            },
        ),
        migrations.CreateModel(
            name="ReferenceFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "basis",
                    models.CharField(
                        choices=[("population", "population"), ("assisted", "personnes assistées")], max_length=12
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
                        max_length=10,
                    ),
                ),
                ("count", models.PositiveIntegerField()),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("as_of", models.DateField(verbose_name="à la date du")),
                ("entered_at", models.DateTimeField()),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.place"
                    ),
                ),
            ],
            options={
                "ordering": ["place", "-as_of"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("basis", "place", "sex", "age_group", "as_of"), name="reference_figure_once_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("kind", models.CharField(max_length=30)),
                ("day", models.DateField()),
                ("until", models.DateField(null=True)),
                ("line", models.CharField(max_length=300)),
                ("about_focus", models.BooleanField(null=True)),
                ("link", models.URLField(blank=True, max_length=500)),
                ("facts", models.JSONField(default=dict)),
                ("words", core.sealed_models.SealedField(default=None, null=True)),
                ("key", models.CharField(max_length=64)),
                ("entered_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("struck_at", models.DateTimeField(null=True)),
                ("struck_reason", models.CharField(blank=True, max_length=300)),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="workplan.registerentry",
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organisation",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.place"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="workplan.plan"
                    ),
                ),
                (
                    "struck_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "-entered_at", "id"],
                "indexes": [models.Index(fields=["plan", "kind", "day"], name="register_entry_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("struck_at", None)),
                        fields=("plan", "kind", "keeper", "key"),
                        name="register_entry_once",
                        violation_error_message="Cette entrée est déjà dans le registre.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("day")), _connector="OR"),
                        name="register_entry_ends_after_it_begins",
                        violation_error_message="La fin ne peut pas précéder le début.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("struck_at", None), ("struck_by", None), ("struck_reason", "")),
                            models.Q(
                                ("struck_at__isnull", False),
                                ("struck_by__isnull", False),
                                models.Q(("struck_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="struck_entry_says_by_whom_and_why",
                        violation_error_message="Une entrée rayée dit par qui et pourquoi.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("name", core.sealed_models.SealedField(default=None, null=True)),
                ("content", core.sealed_models.SealedField(default=None, null=True)),
                ("size", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="file", to="workplan.registerentry"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RegisterFile",
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
                ("kind", models.CharField(max_length=30)),
                ("content", core.sealed_models.SealedField(default=None, null=True)),
                ("problems", core.sealed_models.SealedField(default=None, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workplan.plan"
                    ),
                ),
            ],
            options={
                "ordering": ["-uploaded_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("finished_at", None), ("content", None), _connector="OR"),
                        name="register_file_finished_keeps_nothing",
                        violation_error_message="Un fichier repris ne garde rien de son contenu.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TriggerFactor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=160, verbose_name="facteur")),
                (
                    "breadth",
                    models.CharField(
                        choices=[("cercle", "cercle"), ("region", "région"), ("country", "tout le pays")],
                        max_length=10,
                        verbose_name="compté par",
                    ),
                ),
                (
                    "threshold",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="à partir de combien de dossiers",
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="en combien de jours"
                    ),
                ),
                ("set_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="feedback.category",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["title", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="factor_ended_by_somebody",
                        violation_error_message="Une fin a une date et un nom.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SetAside",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300)),
                ("until", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.place"
                    ),
                ),
                (
                    "factor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="set_aside",
                        to="workplan.triggerfactor",
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="Window",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("first", models.PositiveSmallIntegerField()),
                ("last", models.PositiveSmallIntegerField()),
                (
                    "activity",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="windows",
                        to="workplan.activity",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="windows",
                        to="workplan.indicator",
                    ),
                ),
            ],
            options={
                "ordering": ["year", "first"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("activity__isnull", False), ("indicator__isnull", False), _connector="XOR"),
                        name="window_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__gte", 1), ("first__lte", models.F("last")), ("last__lte", 4)),
                        name="window_within_a_year",
                    ),
                    models.UniqueConstraint(fields=("activity", "year", "first"), name="activity_window_once"),
                    models.UniqueConstraint(fields=("indicator", "year", "first"), name="indicator_window_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActivityActor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(choices=[("lead", "responsable"), ("other", "autre acteur")], max_length=10)),
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=200)),
                ("named", models.CharField(blank=True, max_length=200)),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="actors", to="workplan.activity"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="directory.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["activity", "role", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("activity", "role", "position"), name="actor_once_per_place")
                ],
            },
        ),
        migrations.CreateModel(
            name="ActivityStatus",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_started", "pas commencée"),
                            ("on_track", "en bonne voie"),
                            ("late", "en retard"),
                            ("done", "achevée"),
                            ("blocked", "bloquée"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("said_at", models.DateTimeField()),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="statuses", to="workplan.activity"
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["activity", "-said_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="status_says_why",
                        violation_error_message="Dites comment cela a été décidé.",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(fields=("objective", "number"), name="activity_once_per_objective"),
        ),
        migrations.AddConstraint(
            model_name="axis",
            constraint=models.UniqueConstraint(fields=("plan", "number"), name="axis_once_per_plan"),
        ),
    ]
