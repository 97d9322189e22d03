import uuid

import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models

import core.sealed_models
import referrals.references


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("directory", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("feedback", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Peer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                ("url", models.CharField(blank=True, max_length=500, verbose_name="adresse de sa boîte")),
                ("secret_out", core.sealed_models.SealedField(default=None, null=True)),
                ("secret_in", core.sealed_models.SealedField(default=None, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("stopped_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "installation",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                (
                    "reference",
                    models.CharField(
                        default=referrals.references.new_reference,
                        editable=False,
                        max_length=12,
                        unique=True,
                        verbose_name="référence",
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(default=1, verbose_name="tour")),
                ("sender_name", models.CharField(max_length=250, verbose_name="émetteur")),
                ("receiver_name", models.CharField(max_length=250, verbose_name="destinataire")),
                ("is_on_paper", models.BooleanField(default=False, verbose_name="par papier ou téléphone")),
                ("sheet_number", models.PositiveSmallIntegerField(default=1, editable=False)),
                (
                    "peer_holds",
                    models.CharField(
                        blank=True,
                        choices=[("sender", "émetteur"), ("receiver", "destinataire")],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("peer_ref", models.CharField(blank=True, editable=False, help_text="its id there", max_length=64)),
                (
                    "peer_reference",
                    models.CharField(blank=True, editable=False, max_length=20, verbose_name="référence là-bas"),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("1", "niveau 1 : l’objet seulement"),
                            ("2", "niveau 2 : la personne ou ses mots, avec son accord"),
                        ],
                        default="1",
                        max_length=1,
                        verbose_name="niveau",
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
                        max_length=12,
                        verbose_name="priorité",
                    ),
                ),
                (
                    "teller",
                    models.CharField(
                        choices=[("sender", "l’émetteur"), ("receiver", "le destinataire")],
                        default="sender",
                        max_length=10,
                        verbose_name="qui le dit à la personne",
                    ),
                ),
                ("category_code", models.CharField(max_length=40, verbose_name="catégorie")),
                ("category_label", models.CharField(max_length=160, verbose_name="libellé")),
                (
                    "service_wanted",
                    models.CharField(
                        blank=True,
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
                        verbose_name="service demandé",
                    ),
                ),
                ("summary", models.CharField(blank=True, max_length=200, verbose_name="résumé neutre")),
                ("request", core.sealed_models.SealedField(default=None, null=True)),
                ("answer_words", core.sealed_models.SealedField(default=None, null=True)),
                ("note", core.sealed_models.SealedField(default=None, null=True)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("draft", "brouillon"),
                            ("sent", "envoyé"),
                            ("received", "reçu"),
                            ("info_requested", "complément demandé"),
                            ("accepted", "accepté"),
                            ("in_progress", "en traitement"),
                            ("answered", "répondu"),
                            ("refused", "refusé"),
                            ("recalled", "retiré"),
                            ("fed_back", "retour fait"),
                            ("closed", "clos"),
                            ("reopened", "rouvert"),
                        ],
                        default="draft",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("first_sent_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True, verbose_name="envoyé le")),
                ("received_at", models.DateTimeField(null=True, verbose_name="reçu le")),
                ("accepted_at", models.DateTimeField(null=True, verbose_name="accepté le")),
                ("started_at", models.DateTimeField(null=True, verbose_name="commencé le")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="répondu le")),
                ("refused_at", models.DateTimeField(null=True, verbose_name="refusé le")),
                ("recalled_at", models.DateTimeField(null=True, verbose_name="retiré le")),
                ("fed_back_at", models.DateTimeField(null=True, verbose_name="retour fait le")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="clos le")),
                ("reopened_at", models.DateTimeField(null=True, verbose_name="rouvert le")),
                ("paused_at", models.DateTimeField(null=True, verbose_name="en pause depuis")),
                ("accept_by", models.DateTimeField(null=True, verbose_name="à accepter avant")),
                ("answer_by", models.DateTimeField(null=True, verbose_name="réponse attendue avant")),
                (
                    "answer_kind",
                    models.CharField(
                        blank=True,
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
                    "unsuccessful_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("CLIENT_REFUSE", "la personne a refusé"),
                            ("MANQUE_CAPACITE", "manque de capacité"),
                            ("SERVICE_PLUS_NECESSAIRE", "service plus nécessaire"),
                            ("CLIENT_INJOIGNABLE", "personne injoignable"),
                            ("ORGANISATION_INJOIGNABLE", "organisation injoignable"),
                            ("AUTRE", "autre"),
                        ],
                        max_length=30,
                        verbose_name="motif",
                    ),
                ),
                (
                    "refusal_code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("HORS_MANDAT", "hors de notre mandat"),
                            ("HORS_ZONE", "hors de notre zone"),
                            ("SANS_CAPACITE", "sans capacité disponible"),
                            ("NON_ELIGIBLE", "ne remplit pas les critères"),
                            ("DOUBLON", "doublon"),
                            ("DEJA_SERVI", "déjà servi"),
                            ("INFO_INSUFFISANTE", "informations insuffisantes"),
                            ("CONFLIT_INTERET", "conflit d’intérêts"),
                        ],
                        max_length=20,
                        verbose_name="motif du refus",
                    ),
                ),
                (
                    "recall_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("consent_withdrawn", "la personne a retiré son accord"),
                            ("person_withdrew", "la personne ne souhaite plus de suite"),
                            ("sent_in_error", "envoyé par erreur"),
                            ("solved", "réglé autrement"),
                            ("undelivered", "le système du destinataire ne l’a pas pris"),
                            ("other", "retiré par l’émetteur, autre motif"),
                        ],
                        max_length=20,
                        verbose_name="motif du retrait",
                    ),
                ),
                (
                    "reopen_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_settled", "la personne dit que ce n’est pas réglé"),
                            ("new_facts", "élément nouveau"),
                            ("answer_incomplete", "réponse incomplète"),
                            ("error", "erreur de saisie"),
                        ],
                        max_length=20,
                        verbose_name="motif",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("successful", "abouti"),
                            ("unsuccessful", "non abouti"),
                            ("unreachable", "personne injoignable"),
                            ("no_answer_wanted", "aucune réponse souhaitée"),
                        ],
                        max_length=20,
                        verbose_name="issue",
                    ),
                ),
                (
                    "told_how",
                    models.CharField(
                        blank=True,
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
                        max_length=12,
                        verbose_name="moyen",
                    ),
                ),
                (
                    "satisfaction",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "réglé"), ("partly", "réglé en partie"), ("no", "pas réglé")],
                        max_length=10,
                        verbose_name="satisfaction",
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("erasure_asked_at", models.DateTimeField(null=True)),
                ("erasure_confirmed_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="feedback.case",
                        verbose_name="dossier",
                    ),
                ),
                (
                    "competent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "référencement",
                "ordering": ["-sent_at"],
                "indexes": [
                    models.Index(fields=["case", "first_sent_at"], name="referral_of_case"),
                    models.Index(fields=["first_sent_at"], name="referral_first_sent"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(
                                ("accept_by__isnull", False),
                                ("answer_by__isnull", False),
                                ("first_sent_at__isnull", False),
                                ("sent_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="referral_sent_has_its_clock",
                        violation_error_message="Un référencement envoyé porte sa date et ses délais.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    [
                                        "received",
                                        "info_requested",
                                        "accepted",
                                        "in_progress",
                                        "answered",
                                        "refused",
                                        "fed_back",
                                    ],
                                ),
                                _negated=True,
                            ),
                            ("received_at__isnull", False),
                            _connector="OR",
                        ),
                        name="referral_received_has_its_date",
                        violation_error_message="Un référencement reçu porte la date de réception.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["answered", "fed_back"]), _negated=True),
                            models.Q(("answered_at__isnull", False), models.Q(("answer_kind", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="referral_answered_says_how",
                        violation_error_message="Une réponse porte sa date et son type.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer_kind", "unsuccessful"), ("unsuccessful_reason", ""), _connector="XOR"
                        ),
                        name="referral_unsuccessful_says_why",
                        violation_error_message="« Non abouti » demande un motif, et lui seul.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["refused"]), _negated=True),
                            models.Q(("refused_at__isnull", False), models.Q(("refusal_code", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="referral_refused_says_why",
                        violation_error_message="Un refus porte sa date et son motif.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["recalled"]), _negated=True),
                            models.Q(("recalled_at__isnull", False), models.Q(("recall_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="referral_recalled_says_why",
                        violation_error_message="Un retrait porte sa date et son motif.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["fed_back"]), _negated=True),
                            models.Q(("fed_back_at__isnull", False), models.Q(("told_how", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="referral_fed_back_says_how",
                        violation_error_message="Le retour à la personne porte sa date et son moyen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["closed"]), _negated=True),
                            models.Q(("closed_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="referral_closed_has_its_outcome",
                        violation_error_message="Un référencement clos porte sa date et son issue.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["reopened"]), _negated=True),
                            models.Q(
                                ("cycle__gt", 1),
                                ("reopened_at__isnull", False),
                                models.Q(("reopen_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="referral_reopened_says_why",
                        violation_error_message="Une réouverture porte sa date et son motif, et ouvre un nouveau tour.",
                    ),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("given", "donné"),
                            ("refused", "refusé"),
                            ("withdrawn", "retiré"),
                            ("not_required", "non requis (obligation)"),
                        ],
                        max_length=12,
                        verbose_name="accord",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("oral", "oral"),
                            ("written", "écrit"),
                            ("fingerprint", "empreinte"),
                            ("recorded", "vocal enregistré"),
                            ("sms", "par SMS, en réponse à notre question"),
                        ],
                        max_length=12,
                        verbose_name="comment",
                    ),
                ),
                (
                    "giver",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("self", "la personne elle-même"),
                            ("caregiver", "la personne qui s’en occupe"),
                            ("proxy", "une personne mandatée"),
                        ],
                        max_length=12,
                        verbose_name="par qui",
                    ),
                ),
                ("scope_matter", models.BooleanField(default=True, verbose_name="l’objet")),
                ("scope_words", models.BooleanField(default=False, verbose_name="ses mots")),
                ("scope_contact", models.BooleanField(default=False, verbose_name="son nom et comment la joindre")),
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
                    "override_code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("imminent_danger", "danger imminent"),
                            ("child_at_risk", "enfant en danger"),
                            ("mandatory_report", "signalement obligatoire"),
                        ],
                        max_length=20,
                        verbose_name="motif sans accord",
                    ),
                ),
                ("given_at", models.DateTimeField(verbose_name="dit le")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="valable jusqu’au")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="retiré le")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "kept_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("integrity", "Intégrité"),
                            ("protection", "Protection (VBG, PE)"),
                            ("security", "Sécurité"),
                            ("data", "Données personnelles"),
                        ],
                        editable=False,
                        max_length=12,
                    ),
                ),
                (
                    "review",
                    models.CharField(
                        blank=True,
                        choices=[("founded", "fondé"), ("unfounded", "non fondé\xa0: repris")],
                        max_length=12,
                        verbose_name="relecture",
                    ),
                ),
                ("reviewed_at", models.DateTimeField(null=True, verbose_name="relu le")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="consents", to="feedback.case"
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
                (
                    "receiver_office",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.office",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-given_at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("override_code", ""), _negated=True),
                        fields=["given_at"],
                        name="consent_overrides",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "given"), _negated=True),
                            models.Q(models.Q(("method", ""), _negated=True), models.Q(("giver", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="consent_given_says_how_and_by_whom",
                        violation_error_message="Dites comment l’accord a été donné, et par qui.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "not_required"), models.Q(("override_code", ""), _negated=True)),
                            models.Q(models.Q(("status", "not_required"), _negated=True), ("override_code", "")),
                            ("status", "withdrawn"),
                            _connector="OR",
                        ),
                        name="consent_override_has_its_ground",
                        violation_error_message="Se passer de l’accord demande un motif, et un motif ne va pas avec l’accord.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status", "withdrawn"), ("withdrawn_at", None), _connector="XOR"),
                        name="consent_withdrawn_has_its_date",
                        violation_error_message="Un accord retiré porte la date du retrait.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("review", ""), ("reviewed_at", None), ("reviewed_by", None)),
                            models.Q(
                                models.Q(("review", ""), _negated=True),
                                models.Q(("override_code", ""), _negated=True),
                                ("reviewed_at__isnull", False),
                                ("reviewed_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="consent_reviewed_override_says_by_whom",
                        violation_error_message="Une relecture porte sur un passage sans accord, et dit de qui et quand.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                ("url", models.CharField(max_length=500, verbose_name="adresse")),
                ("secret", core.sealed_models.SealedField(default=None, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("stopped_at", models.DateTimeField(editable=False, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="endpoints",
                        to="directory.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation", "name"],
            },
        ),
        migrations.CreateModel(
            name="PeerOrganisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("is_there", models.BooleanField(default=False, verbose_name="elle y travaille")),
                (
                    "restricted_kinds",
                    models.JSONField(blank=True, default=list, verbose_name="points focaux confidentiels"),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="at_peers",
                        to="directory.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "peer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="organisations", to="referrals.peer"
                    ),
                ),
            ],
            options={
                "ordering": ["-is_there", "code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("peer", "code"),
                        name="peer_code_once",
                        violation_error_message="Ce code désigne déjà une organisation.",
                    ),
                    models.UniqueConstraint(
                        fields=("peer", "organisation"),
                        name="peer_organisation_once",
                        violation_error_message="Cette organisation est déjà dans la liste.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_there", True)),
                        fields=("organisation",),
                        name="organisation_lives_in_one_place",
                        violation_error_message="Cette organisation travaille déjà dans une autre installation.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralFacts",
            fields=[
                (
                    "referral",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="facts",
                        serialize=False,
                        to="referrals.referral",
                    ),
                ),
                ("refusal_code", models.CharField(blank=True, max_length=20)),
                ("first_sent_at", models.DateTimeField(db_index=True)),
                ("was_decided_on_time", models.BooleanField()),
                ("was_refused", models.BooleanField()),
                ("was_answered", models.BooleanField()),
                ("was_answered_on_time", models.BooleanField()),
                ("was_confirmed", models.BooleanField()),
            ],
        ),
        migrations.AddField(
            model_name="referral",
            name="consent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="referrals",
                to="referrals.consent",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="consent_question",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="feedback.casemessage",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="peer",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="referrals",
                to="referrals.peer",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="place",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.place",
                verbose_name="lieu",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="previous",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="next_hops",
                to="referrals.referral",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="receiver",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="referrals_received",
                to="directory.organisation",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="receiver_office",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.office",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="responsible",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="responsable",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="sender",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="referrals_sent", to="directory.organisation"
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="sender_office",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.office",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="stands_in_for",
            field=models.ForeignKey(
                blank=True,
                help_text="who is away, and whose it is again on their return",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="LateNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cycle", models.PositiveSmallIntegerField(verbose_name="tour")),
                (
                    "clock",
                    models.CharField(
                        choices=[("accept", "accepter ou refuser"), ("answer", "répondre")],
                        max_length=10,
                        verbose_name="délai",
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("focal_point", "point focal"),
                            ("deputy", "suppléant"),
                            ("manager", "responsable de l’organisation"),
                        ],
                        max_length=12,
                        verbose_name="échelon",
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="échéance")),
                ("told_at", models.DateTimeField(verbose_name="prévenu le")),
                (
                    "told",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="late_notices",
                        to="referrals.referral",
                    ),
                ),
            ],
            options={
                "ordering": ["told_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("referral", "cycle", "clock", "step", "told"), name="late_told_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EnvelopeIn",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("envelope", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("referral", "référencement"),
                            ("receipt", "accusé de réception"),
                            ("decision", "décision"),
                            ("message", "message"),
                            ("person", "ce que la personne permet"),
                            ("answer", "réponse"),
                            ("outcome", "ce qu’il en est advenu"),
                            ("reopening", "réouverture"),
                            ("withdrawal", "retrait"),
                            ("erasure", "effacement confirmé"),
                        ],
                        max_length=12,
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=20)),
                ("sequence", models.PositiveIntegerField()),
                ("ref", models.CharField(help_text="the referral's id at its sender", max_length=64)),
                (
                    "taken_as",
                    models.CharField(
                        choices=[
                            ("taken", "pris"),
                            ("known", "déjà pris"),
                            ("overtaken", "dépassé par un acte plus récent"),
                            ("nothing-held", "rien n’en est gardé"),
                        ],
                        default="taken",
                        max_length=12,
                    ),
                ),
                ("taken_at", models.DateTimeField(auto_now_add=True)),
                (
                    "peer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="envelopes_in", to="referrals.peer"
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="envelopes_in",
                        to="referrals.referral",
                    ),
                ),
            ],
            options={
                "ordering": ["taken_at"],
                "indexes": [models.Index(fields=["peer", "ref"], name="envelope_of_ref")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("peer", "envelope"),
                        name="envelope_taken_once",
                        violation_error_message="Cette enveloppe a déjà été prise.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("happened_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "en file"),
                            ("sending", "en cours d’envoi"),
                            ("delivered", "remis"),
                            ("failed", "échoué"),
                            ("dropped", "sans objet"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("not_before", models.DateTimeField()),
                (
                    "answered",
                    models.PositiveSmallIntegerField(help_text="the HTTP status of the last attempt", null=True),
                ),
                ("tried_at", models.DateTimeField(null=True)),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("referral.sent", "référencement envoyé"),
                            ("referral.changed", "référencement changé"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "referral_state",
                    models.CharField(
                        choices=[
                            ("draft", "brouillon"),
                            ("sent", "envoyé"),
                            ("received", "reçu"),
                            ("info_requested", "complément demandé"),
                            ("accepted", "accepté"),
                            ("in_progress", "en traitement"),
                            ("answered", "répondu"),
                            ("refused", "refusé"),
                            ("recalled", "retiré"),
                            ("fed_back", "retour fait"),
                            ("closed", "clos"),
                            ("reopened", "rouvert"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="referrals.endpoint"
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="referrals.referral"
                    ),
                ),
            ],
            options={
                "ordering": ["-happened_at", "id"],
                "indexes": [models.Index(fields=["state", "not_before"], name="delivery_due")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("endpoint", "referral", "event", "referral_state", "happened_at"), name="delivery_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralCycle",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("number", models.PositiveSmallIntegerField(verbose_name="tour")),
                (
                    "ended_in",
                    models.CharField(
                        choices=[
                            ("draft", "brouillon"),
                            ("sent", "envoyé"),
                            ("received", "reçu"),
                            ("info_requested", "complément demandé"),
                            ("accepted", "accepté"),
                            ("in_progress", "en traitement"),
                            ("answered", "répondu"),
                            ("refused", "refusé"),
                            ("recalled", "retiré"),
                            ("fed_back", "retour fait"),
                            ("closed", "clos"),
                            ("reopened", "rouvert"),
                        ],
                        max_length=16,
                        verbose_name="état à la réouverture",
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("accept_by", models.DateTimeField()),
                ("answer_by", models.DateTimeField()),
                ("received_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("fed_back_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField()),
                (
                    "answer_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("response", "réponse"),
                            ("adjustment", "ajustement du programme"),
                            ("service_provided", "service rendu"),
                            ("unsuccessful", "sans succès"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "reopen_reason",
                    models.CharField(
                        choices=[
                            ("not_settled", "la personne dit que ce n’est pas réglé"),
                            ("new_facts", "élément nouveau"),
                            ("answer_incomplete", "réponse incomplète"),
                            ("error", "erreur de saisie"),
                        ],
                        max_length=20,
                    ),
                ),
                ("answer_words", core.sealed_models.SealedField(default=None, null=True)),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cycles", to="referrals.referral"
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("referral", "number"), name="one_row_per_cycle")],
            },
        ),
        migrations.CreateModel(
            name="ReferralFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                (
                    "side",
                    models.CharField(choices=[("sender", "émetteur"), ("receiver", "destinataire")], max_length=10),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("picture", "photo"), ("voice", "message vocal"), ("pdf", "document PDF")],
                        max_length=10,
                        verbose_name="type de fichier",
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="joint le")),
                ("size", models.PositiveIntegerField(default=0, help_text="bytes; 0 for what stays with the case")),
                ("is_neutral", models.BooleanField(default=False, verbose_name="ne contient rien de la personne")),
                ("name", core.sealed_models.SealedField(default=None, null=True)),
                ("content", core.sealed_models.SealedField(default=None, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="feedback.casemessage",
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="referrals.referral"
                    ),
                ),
            ],
            options={
                "ordering": ["added_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_neutral", False),
                            models.Q(("message", None), ("side", "sender"), models.Q(("kind", "voice"), _negated=True)),
                            _connector="OR",
                        ),
                        name="file_neutral_is_no_voice",
                        violation_error_message="Une voix touche toujours la personne.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("message", None), models.Q(("content", None), ("side", "sender")), _connector="OR"
                        ),
                        name="file_of_the_case_is_no_copy",
                        violation_error_message="Ce que la personne a envoyé reste dans son dossier.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralMessage",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("question", "question"), ("reply", "réponse à une question"), ("message", "message")],
                        max_length=10,
                    ),
                ),
                (
                    "side",
                    models.CharField(choices=[("sender", "émetteur"), ("receiver", "destinataire")], max_length=10),
                ),
                ("said_at", models.DateTimeField(verbose_name="dit le")),
                ("words", core.sealed_models.SealedField(default=None, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="referrals.referral"
                    ),
                ),
            ],
            options={
                "ordering": ["said_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="EnvelopeOut",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("happened_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "en file"),
                            ("sending", "en cours d’envoi"),
                            ("delivered", "remis"),
                            ("failed", "échoué"),
                            ("dropped", "sans objet"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("not_before", models.DateTimeField()),
                (
                    "answered",
                    models.PositiveSmallIntegerField(help_text="the HTTP status of the last attempt", null=True),
                ),
                ("tried_at", models.DateTimeField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("referral", "référencement"),
                            ("receipt", "accusé de réception"),
                            ("decision", "décision"),
                            ("message", "message"),
                            ("person", "ce que la personne permet"),
                            ("answer", "réponse"),
                            ("outcome", "ce qu’il en est advenu"),
                            ("reopening", "réouverture"),
                            ("withdrawal", "retrait"),
                            ("erasure", "effacement confirmé"),
                        ],
                        max_length=12,
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=20)),
                ("sequence", models.PositiveIntegerField()),
                ("cycle", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(blank=True, max_length=40)),
                (
                    "peer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="envelopes_out", to="referrals.peer"
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="envelopes_out",
                        to="referrals.referral",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="referrals.referralmessage",
                    ),
                ),
            ],
            options={
                "ordering": ["sequence"],
                "indexes": [models.Index(fields=["state", "not_before"], name="envelope_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("referral", "sequence"), name="envelope_sequence_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralNote",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("said_at", models.DateTimeField(verbose_name="écrit le")),
                ("struck_at", models.DateTimeField(null=True, verbose_name="rayé le")),
                ("words", core.sealed_models.SealedField(default=None, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.organisation"
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="referrals.referral"
                    ),
                ),
                (
                    "struck_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["said_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("struck_by", None), ("struck_at__isnull", False), _connector="OR"),
                        name="note_struck_has_its_date",
                        violation_error_message="Une note rayée porte la date à laquelle elle l’a été.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralPause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[("access", "accès impossible"), ("security", "insécurité")],
                        max_length=10,
                        verbose_name="motif",
                    ),
                ),
                ("began_at", models.DateTimeField(verbose_name="depuis le")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="jusqu’au")),
                (
                    "began_by",
                    models.ForeignKey(
                        help_text="nobody: the agency's own system",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pauses", to="referrals.referral"
                    ),
                ),
            ],
            options={
                "ordering": ["began_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("referral",), name="pause_one_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("refusal_code", models.CharField(blank=True, max_length=20)),
                ("received", models.IntegerField(default=0)),
                ("decided_on_time", models.IntegerField(default=0)),
                ("refused", models.IntegerField(default=0)),
                ("answered", models.IntegerField(default=0)),
                ("answered_on_time", models.IntegerField(default=0)),
                ("confirmed", models.IntegerField(default=0)),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("month", "receiver", "refusal_code"), name="referrals_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                ("list", models.CharField(choices=[("mine", "Pour moi"), ("desk", "Tri")], max_length=10)),
                ("name", core.sealed_models.SealedField(default=None, null=True)),
                ("query", core.sealed_models.SealedField(default=None, null=True)),
                ("is_first", models.BooleanField(default=False, help_text="what the list opens on")),
                ("created_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-is_first", "created_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_first", True)), fields=("owner", "list"), name="saved_filter_one_first"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetReply",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("data_key", models.BinaryField(default=None, null=True)),
                (
                    "says",
                    models.CharField(
                        choices=[
                            ("accept", "Nous nous en occupons"),
                            ("refuse", "Ce n’est pas pour nous"),
                            ("answer", "Voici notre réponse"),
                        ],
                        max_length=10,
                        verbose_name="réponse",
                    ),
                ),
                (
                    "refusal_code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("HORS_MANDAT", "hors de notre mandat"),
                            ("HORS_ZONE", "hors de notre zone"),
                            ("SANS_CAPACITE", "sans capacité disponible"),
                            ("NON_ELIGIBLE", "ne remplit pas les critères"),
                            ("DOUBLON", "doublon"),
                            ("DEJA_SERVI", "déjà servi"),
                            ("INFO_INSUFFISANTE", "informations insuffisantes"),
                            ("CONFLIT_INTERET", "conflit d’intérêts"),
                        ],
                        max_length=20,
                        verbose_name="motif du refus",
                    ),
                ),
                (
                    "answer_kind",
                    models.CharField(
                        blank=True,
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
                ("name", core.sealed_models.SealedField(default=None, null=True)),
                ("words", core.sealed_models.SealedField(default=None, null=True)),
                ("said_at", models.DateTimeField(verbose_name="dit le")),
                ("decided_at", models.DateTimeField(editable=False, null=True)),
                ("was_taken", models.BooleanField(default=False, editable=False)),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sheet_replies",
                        to="referrals.referral",
                    ),
                ),
            ],
            options={
                "ordering": ["said_at"],
            },
        ),
        migrations.CreateModel(
            name="AgencyComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="année")),
                ("quarter", models.PositiveSmallIntegerField(verbose_name="trimestre")),
                ("words", models.TextField(max_length=1000, verbose_name="commentaire")),
                ("said_at", models.DateTimeField(verbose_name="dit le")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "year", "quarter"), name="comment_once_per_quarter")
                ],
            },
        ),
        migrations.AddField(
            model_name="referralfacts",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="feedback.case"),
        ),
        migrations.AddField(
            model_name="referralfacts",
            name="receiver",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="directory.organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["receiver", "state", "answer_by"], name="referral_to_do"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["sender", "state"], name="referral_sent_by"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", False)),
                fields=["receiver", "-answered_at"],
                name="referral_last_answer",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("erasure_asked_at__isnull", False), ("erasure_confirmed_at__isnull", True)),
                fields=["receiver"],
                name="referral_to_erase",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("state__in", ("sent", "received", "info_requested", "reopened"))),
                fields=["receiver", "accept_by"],
                name="referral_to_accept",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("state__in", ("accepted", "in_progress"))),
                fields=["receiver", "answer_by"],
                name="referral_to_answer",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ("sent", "received", "info_requested", "reopened", "accepted", "in_progress"))
                ),
                fields=["sender", "answer_by"],
                name="referral_with_others",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("state__in", ["refused", "info_requested", "answered"]), ("withdrawn_at", None)),
                fields=["sender", "state", "sent_at"],
                name="referral_come_back",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["accepted", "in_progress"]), _negated=True),
                    models.Q(
                        ("accepted_at__isnull", False),
                        models.Q(("responsible__isnull", False), ("peer_holds", "receiver"), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="referral_accepted_has_a_responsible",
                violation_error_message="Un référencement accepté a une personne responsable.",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("receiver", models.F("sender")), _negated=True),
                    ("receiver_office__isnull", False),
                    _connector="OR",
                ),
                name="referral_goes_to_someone_else",
                violation_error_message="On ne s’envoie pas un référencement à soi-même.",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("peer", None), ("peer_holds", ""), ("peer_ref", ""), ("peer_reference", "")),
                    models.Q(
                        ("is_on_paper", False), ("peer__isnull", False), models.Q(("peer_holds", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="referral_exchanged_has_its_side",
                violation_error_message="Un référencement échangé dit quel côté est dans l’autre installation.",
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.UniqueConstraint(
                condition=models.Q(("peer__isnull", False), models.Q(("peer_ref", ""), _negated=True)),
                fields=("peer", "peer_holds", "peer_ref"),
                name="referral_exchanged_once",
                violation_error_message="Ce référencement est déjà ici.",
            ),
        ),
    ]
