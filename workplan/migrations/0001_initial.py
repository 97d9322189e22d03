import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directory", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
        migrations.CreateModel(
            name="Axis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.TextField()),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="axes", to="workplan.plan"
                    ),
                ),
            ],
            options={
                "ordering": ["plan", "number"],
                "constraints": [models.UniqueConstraint(fields=("plan", "number"), name="axis_once_per_plan")],
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
                ("expertise", models.JSONField(default=list)),
                ("reporters", models.ManyToManyField(blank=True, related_name="+", to="directory.organisation")),
                (
                    "objective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="activities", to="workplan.objective"
                    ),
                ),
            ],
            options={
                "ordering": ["objective", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("objective", "number"), name="activity_once_per_objective")
                ],
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
                ("target", models.PositiveIntegerField(blank=True, null=True)),
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
                ("narrative", models.TextField(blank=True)),
                ("evidence", models.URLField(blank=True, max_length=500)),
                ("computed", models.BooleanField(default=False)),
                ("cutoff", models.DateTimeField(null=True)),
                ("definition_version", models.CharField(blank=True, max_length=20)),
                ("digest", models.CharField(blank=True, max_length=64)),
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
                        condition=models.Q(("place", None)),
                        fields=("indicator", "year", "quarter", "version"),
                        name="reading_once_per_period",
                        violation_error_message="Ce trimestre a déjà une valeur pour cet indicateur.",
                    ),
                    models.UniqueConstraint(
                        fields=("indicator", "year", "quarter", "place", "version"),
                        name="reading_once_per_period_and_place",
                        violation_error_message="Ce trimestre a déjà une valeur pour cet indicateur et ce lieu.",
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
                        condition=models.Q(("quarter__gte", 1), ("quarter__lte", 4)), name="reading_of_a_quarter"
                    ),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
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
    ]
