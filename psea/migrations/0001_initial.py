import uuid

import django.db.models.deletion
import django_fsm
from django.db import migrations, models

import core.sealed_models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PhoneTrace",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("phone_hash", models.CharField(db_index=True, max_length=64)),
                ("until", models.DateTimeField()),
                ("mailbox", models.BinaryField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("receipt_hash", models.CharField(db_index=True, max_length=64)),
                (
                    "stage",
                    models.CharField(
                        choices=[("received", "reçu"), ("in_progress", "en cours"), ("answered", "répondu")],
                        default="received",
                        max_length=12,
                    ),
                ),
                ("since", models.DateField()),
                ("expires", models.DateTimeField()),
                ("mailbox", models.BinaryField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SealedMessage",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("thread_tag", models.CharField(db_index=True, max_length=64)),
                ("wrapped_key", models.BinaryField()),
                ("words", core.sealed_models.SealedField(default=None, null=True)),
                ("channel", core.sealed_models.SealedField(default=None, null=True)),
                ("recording", core.sealed_models.SealedField(default=None, null=True)),
                ("picture", core.sealed_models.SealedField(default=None, null=True)),
                ("wish", core.sealed_models.SealedField(default=None, null=True)),
                ("received_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("call_by", models.DateTimeField(help_text="as for a case", null=True)),
                (
                    "decide_by",
                    models.DateTimeField(help_text="the person asks something about what they said", null=True),
                ),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["received_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="VaultDraft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("user_id", models.BigIntegerField(db_index=True)),
                ("wrapped_key", models.BinaryField()),
                ("typed", core.sealed_models.SealedField(default=None, null=True)),
                ("kept_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-kept_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="HandlerKey",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("user_id", models.BigIntegerField(db_index=True, null=True)),
                ("organisation_id", models.BigIntegerField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "personne habilitée"), ("recovery", "recouvrement")],
                        default="person",
                        max_length=20,
                    ),
                ),
                ("public_key", models.BinaryField(max_length=32)),
                ("signing_key", models.BinaryField(max_length=32, null=True)),
                ("locked_private", models.BinaryField(help_text="by the passphrase", null=True)),
                ("locked_by_code", models.BinaryField(help_text="by the printed code", null=True)),
                (
                    "next_locked_private",
                    models.BinaryField(help_text="by a new passphrase that was not typed back yet", null=True),
                ),
                ("next_locked_by_code", models.BinaryField(null=True)),
                ("epoch", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(help_text="passphrase and code were typed back", null=True)),
                ("retired_at", models.DateTimeField(null=True)),
                ("proved_at", models.DateTimeField(help_text="its owner last opened it", null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind", "recovery"), ("user_id__isnull", False), _connector="XOR"),
                        name="psea_key_is_a_persons_or_recovery",
                    ),
                    models.UniqueConstraint(fields=("user_id", "epoch"), name="psea_key_once_per_epoch"),
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed_at__isnull", False), ("retired_at__isnull", True)),
                        fields=("user_id",),
                        name="psea_one_living_key_per_person",
                        violation_error_message="Cette personne a déjà une clé.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("user_id", models.BigIntegerField(help_text="who is to read")),
                (
                    "case_id",
                    models.UUIDField(
                        help_text="the case; none: all that the person's role entitles them to", null=True
                    ),
                ),
                ("reason", core.sealed_models.SealedField(default=None, null=True)),
                ("reason_keys", models.JSONField(default=dict)),
                ("asked_by", models.BigIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("first_by", models.BigIntegerField(null=True)),
                ("first_at", models.DateTimeField(null=True)),
                ("halves", models.JSONField(default=dict, help_text="share id → inner envelope, in hexadecimal")),
                ("second_by", models.BigIntegerField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("opened", models.PositiveIntegerField(default=0, help_text="cases that were opened to the person")),
                ("refused_by", models.BigIntegerField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-asked_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_by__isnull", True),
                            models.Q(
                                ("first_by__isnull", False),
                                models.Q(("second_by", models.F("first_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="psea_recovery_is_by_two",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("measure", models.CharField(max_length=60)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "width",
                    models.CharField(
                        choices=[
                            ("quarter", "trimestre"),
                            ("half_year", "semestre"),
                            ("year", "année"),
                            ("plan", "plan entier"),
                        ],
                        max_length=10,
                    ),
                ),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("is_published", models.BooleanField()),
                ("numerator", models.PositiveIntegerField(null=True)),
                ("denominator", models.PositiveIntegerField(null=True)),
                (
                    "digest",
                    models.CharField(blank=True, help_text="keyed hash of the counted ids; stays here", max_length=64),
                ),
                ("closed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["measure", "first_day", "last_day"],
                "constraints": [
                    models.UniqueConstraint(fields=("measure", "first_day", "last_day"), name="psea_release_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("denominator__isnull", False), ("is_published", True), ("numerator__isnull", False)
                            ),
                            models.Q(
                                ("denominator__isnull", True), ("is_published", False), ("numerator__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="psea_release_has_figures_iff_published",
                        violation_error_message="Une valeur retenue n'a pas de chiffres.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first_day__lt", models.F("last_day"))), name="psea_release_period_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedCase",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("received", "reçu"),
                            ("transmitted", "transmis à l'entité"),
                            ("entity_outside", "remis en main propre à l'entité"),
                            ("acknowledged", "réception accusée"),
                            ("preliminary_assessment", "évaluation préliminaire"),
                            ("investigation", "enquête"),
                            ("substantiated", "fondé"),
                            ("unsubstantiated", "non fondé"),
                            ("insufficient_information", "informations insuffisantes"),
                            ("no_investigation", "pas d'enquête"),
                            ("closed_other", "clos, autre motif"),
                            ("not_ours", "ne relève pas de l'entité"),
                            ("reclassified", "reclassé hors EAS"),
                            ("reopened", "rouvert"),
                        ],
                        default="received",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("state_since", models.DateTimeField()),
                ("words", core.sealed_models.SealedField(default=None, null=True)),
                ("contact", core.sealed_models.SealedField(default=None, null=True)),
                ("mailbox_private", core.sealed_models.SealedField(default=None, null=True)),
                ("guard", core.sealed_models.SealedField(default=None, null=True)),
                ("facts", core.sealed_models.SealedField(default=None, null=True)),
                ("entity_tag", models.CharField(blank=True, max_length=64)),
                ("thread_tag", models.CharField(db_index=True, max_length=64)),
                ("received_at", models.DateTimeField(db_index=True)),
                ("is_test", models.BooleanField(default=False, help_text="said while practising; no figure counts it")),
                ("opened_at", models.DateTimeField(null=True)),
                ("transmitted_at", models.DateTimeField(null=True)),
                ("outside_at", models.DateTimeField(help_text="handed over by hand, outside the platform", null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("assessed_at", models.DateTimeField(null=True)),
                ("investigated_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "copy_held_at",
                    models.DateTimeField(help_text="the entity's investigation function holds its copy", null=True),
                ),
                ("words_destroyed_at", models.DateTimeField(null=True)),
                (
                    "call_by",
                    models.DateTimeField(
                        help_text="words that suggest danger: somebody must have called by then", null=True
                    ),
                ),
                ("chased_at", models.DateTimeField(help_text="the entity was last asked for news", null=True)),
                ("epoch", models.PositiveIntegerField(default=1, help_text="how often it was sealed under fresh keys")),
                ("rekey_since", models.DateTimeField(help_text="somebody who could open it no longer may", null=True)),
                (
                    "thin_since",
                    models.DateTimeField(help_text="fewer than two living handlers and recovery open it", null=True),
                ),
                (
                    "mend_tried_at",
                    models.DateTimeField(help_text="an open key last tried to mend what is marked above", null=True),
                ),
                ("conflict_at", models.DateTimeField(help_text="a conflict of interest is open since", null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "transmitted"), _negated=True),
                            models.Q(("transmitted_at__isnull", False), models.Q(("entity_tag", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="psea_transmitted_has_date_and_entity",
                        violation_error_message="Une transmission a une date et une entité.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "entity_outside"), _negated=True),
                            ("outside_at__isnull", False),
                            _connector="OR",
                        ),
                        name="psea_outside_has_date",
                        violation_error_message="Une remise en main propre a une date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    [
                                        "acknowledged",
                                        "closed_other",
                                        "insufficient_information",
                                        "investigation",
                                        "no_investigation",
                                        "preliminary_assessment",
                                        "substantiated",
                                        "unsubstantiated",
                                    ],
                                ),
                                _negated=True,
                            ),
                            ("acknowledged_at__isnull", False),
                            _connector="OR",
                        ),
                        name="psea_taken_up_has_acknowledgement",
                        violation_error_message="L'entité accuse réception avant d'avancer.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    [
                                        "closed_other",
                                        "insufficient_information",
                                        "investigation",
                                        "no_investigation",
                                        "preliminary_assessment",
                                        "substantiated",
                                        "unsubstantiated",
                                    ],
                                ),
                                _negated=True,
                            ),
                            ("assessed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="psea_assessed_has_date",
                        violation_error_message="Une évaluation préliminaire a une date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "investigation"), _negated=True),
                            ("investigated_at__isnull", False),
                            _connector="OR",
                        ),
                        name="psea_investigation_has_date",
                        violation_error_message="Une enquête a une date d'ouverture.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", False),
                                (
                                    "state__in",
                                    [
                                        "closed_other",
                                        "insufficient_information",
                                        "no_investigation",
                                        "substantiated",
                                        "unsubstantiated",
                                    ],
                                ),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "state__in",
                                        [
                                            "closed_other",
                                            "insufficient_information",
                                            "no_investigation",
                                            "substantiated",
                                            "unsubstantiated",
                                        ],
                                    ),
                                    _negated=True,
                                ),
                                ("decided_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="psea_outcome_iff_decided",
                        violation_error_message="Une issue va avec sa date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("words_destroyed_at__isnull", True),
                            models.Q(("contact__isnull", True), ("words__isnull", True)),
                            _connector="OR",
                        ),
                        name="psea_destroyed_words_are_gone",
                        violation_error_message="Un récit détruit n'est plus là.",
                    ),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("holder_tag", models.CharField(db_index=True, max_length=64)),
                ("words", core.sealed_models.SealedField(default=None, null=True)),
                ("for_person", core.sealed_models.SealedField(default=None, null=True)),
                ("asked_by", models.BigIntegerField()),
                ("asked_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="psea.sealedcase"
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Informed",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("reception", "la réception"),
                            ("transmission", "la transmission à l'entité"),
                            ("decision", "la décision de l'entité"),
                            ("outcome", "l'issue"),
                        ],
                        max_length=12,
                    ),
                ),
                ("was_told", models.BooleanField()),
                ("on", models.DateField()),
                ("told_by", models.BigIntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="informed", to="psea.sealedcase"
                    ),
                ),
            ],
            options={
                "ordering": ["on", "id"],
            },
        ),
        migrations.CreateModel(
            name="HandedCopy",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("mark", models.CharField(max_length=12)),
                ("to_whom", core.sealed_models.SealedField(default=None, null=True)),
                ("handed_by", models.BigIntegerField()),
                ("handed_at", models.DateTimeField()),
                ("expires_on", models.DateField(help_text="by then the copy is destroyed, and we are told")),
                ("destroyed_on", models.DateField(help_text="its holder said that it is destroyed", null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="handed_copies", to="psea.sealedcase"
                    ),
                ),
            ],
            options={
                "ordering": ["handed_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="DutyCall",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("user_id", models.BigIntegerField()),
                ("rung_by", models.BigIntegerField()),
                ("rung_at", models.DateTimeField()),
                ("was_reached", models.BooleanField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="calls", to="psea.sealedcase"
                    ),
                ),
            ],
            options={
                "ordering": ["rung_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="CaseNote",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("words", core.sealed_models.SealedField(default=None, null=True)),
                ("written_by", models.BigIntegerField()),
                ("written_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="psea.sealedcase"
                    ),
                ),
            ],
            options={
                "ordering": ["written_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Survivor",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="survivors", to="psea.sealedcase"
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("signer", models.BinaryField(max_length=32)),
                ("signed_by", models.BigIntegerField()),
                ("may", models.CharField(max_length=300)),
                ("until", models.DateField()),
                ("signature", models.BinaryField()),
                ("signed_at", models.DateTimeField()),
                (
                    "handler_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="approvals", to="psea.handlerkey"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("handler_key", "signer"), name="psea_one_approval_per_signer")
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryShare",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("blob", models.BinaryField()),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="psea.handlerkey"
                    ),
                ),
                (
                    "recovery_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shares", to="psea.handlerkey"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="psea.handlerkey"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("recovery_key", "first", "second"), name="psea_one_share_per_pair"),
                    models.CheckConstraint(
                        condition=models.Q(("first", models.F("second")), _negated=True), name="psea_share_is_of_two"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reason", core.sealed_models.SealedField(default=None, null=True)),
                ("asked_by", models.BigIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("confirmed_by", models.BigIntegerField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("lift_asked_by", models.BigIntegerField(null=True)),
                ("lift_asked_at", models.DateTimeField(null=True)),
                ("lifted_by", models.BigIntegerField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="holds", to="psea.sealedcase"
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("case",),
                        name="psea_one_hold_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(("confirmed_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="psea_hold_is_set_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_by__isnull", True),
                            models.Q(
                                ("lift_asked_by__isnull", False),
                                models.Q(("lifted_by", models.F("lift_asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="psea_hold_is_lifted_by_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AssistanceOffer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "service",
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
                    ),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("to_offer", "à proposer"),
                            ("offered", "proposé"),
                            ("accepted", "accepté"),
                            ("declined", "refusé pour l'instant"),
                            ("deferred", "remis à plus tard"),
                            ("referred", "orienté vers le service"),
                            ("service_confirmed", "service reçu"),
                            ("service_failed", "service non abouti"),
                            ("withdrawn", "retiré par la personne"),
                            ("unreachable", "injoignable"),
                            ("unsafe_to_contact", "contact dangereux"),
                        ],
                        default="to_offer",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("state_since", models.DateTimeField()),
                ("offered_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("referred_at", models.DateTimeField(null=True)),
                ("service_at", models.DateTimeField(null=True)),
                (
                    "consent_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("person", "la personne elle-même"),
                            ("caregiver", "la personne qui s’occupe de l’enfant"),
                            ("best_interest", "spécialiste PE, dans l’intérêt supérieur de l’enfant"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "survivor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="psea.survivor"
                    ),
                ),
            ],
            options={
                "ordering": ["state_since", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("survivor", "service"),
                        name="psea_service_once_per_survivor",
                        violation_error_message="Ce service est déjà suivi pour cette personne.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    [
                                        "offered",
                                        "declined",
                                        "deferred",
                                        "accepted",
                                        "referred",
                                        "service_confirmed",
                                        "service_failed",
                                    ],
                                ),
                                _negated=True,
                            ),
                            ("offered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="psea_offered_has_date",
                        violation_error_message="Une proposition a une date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["accepted", "referred", "service_confirmed", "service_failed"]),
                                _negated=True,
                            ),
                            ("accepted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="psea_accepted_has_date",
                        violation_error_message="Une acceptation a une date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["referred", "service_confirmed", "service_failed"]), _negated=True),
                            ("referred_at__isnull", False),
                            _connector="OR",
                        ),
                        name="psea_referred_has_date",
                        violation_error_message="Une orientation a une date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("referred_at__isnull", True), ("accepted_at__isnull", False), _connector="OR"
                        ),
                        name="psea_referred_was_accepted",
                        violation_error_message="Nul n'est orienté sans avoir accepté.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "service_confirmed"), _negated=True),
                            ("service_at__isnull", False),
                            _connector="OR",
                        ),
                        name="psea_service_has_date",
                        violation_error_message="Un service reçu a une date.",
                    ),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Wrap",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("words", "récit et contact"),
                            ("guard", "parties mises en cause"),
                            ("facts", "faits d'orientation"),
                        ],
                        max_length=10,
                    ),
                ),
                ("tag", models.CharField(max_length=64)),
                ("blob", models.BinaryField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="wraps", to="psea.sealedcase"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("tag",), name="psea_wrap_once_per_reader")],
            },
        ),
    ]
