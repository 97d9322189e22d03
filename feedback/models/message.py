from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.sealed_models import OnlineSealed, SealedField
from directory.languages import FRENCH, language_choices
from directory.models import Place, User
from feedback.enums import (
    AnswerKind,
    AnswerSource,
    Channel,
    Delivery,
    MessageDirection,
    ShortQuestion,
    ToldHow,
)
from feedback.models.case import Case
from feedback.models.category import Category
from feedback.querysets import UNTOLD, ReadyAnswerQuerySet


class CaseMessage(OnlineSealed):
    """One thing said in a case's thread: by the person, to the person, or a note among staff."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=4, choices=MessageDirection.choices)
    body = SealedField()
    recording = SealedField()
    picture = SealedField()
    channel = models.CharField(max_length=12, choices=Channel.choices, blank=True)
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    awaits_reply = models.BooleanField(default=False, help_text="our open question to the person")
    asks = models.CharField(max_length=12, choices=ShortQuestion.choices, blank=True, help_text="a short question")
    is_unread = models.BooleanField(default=False, help_text="the person's own words, which nobody has read yet")
    said_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["said_at", "recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(awaits_reply=False) | models.Q(direction=MessageDirection.OUT),
                name="message_only_ours_await_reply",
                violation_error_message=_("Seul un message à la personne peut attendre une réponse."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.said_at:%Y-%m-%d}"


class ReadyAnswer(models.Model):
    """An answer written in advance, in one language, for a simple and frequent question.

    Archived rather than deleted: what was said with it stays known. `original`: the one this says in another language.
    """

    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="ready_answers", verbose_name=_("catégorie")
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="ready_answers", verbose_name=_("lieu")
    )
    original = models.ForeignKey("self", models.PROTECT, null=True, related_name="variants", editable=False)
    language = models.CharField(_("langue"), max_length=10, choices=language_choices, default=FRENCH)
    title = models.CharField(_("titre"), max_length=120)
    words = models.TextField(_("texte"))
    is_active = models.BooleanField(_("proposée"), default=True)
    use_count = models.PositiveIntegerField(_("utilisations"), default=0, editable=False)

    objects = ReadyAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["category", "title"]
        verbose_name = _("réponse toute prête")
        constraints = [
            models.UniqueConstraint(
                fields=["original", "language"],
                condition=models.Q(original__isnull=False),
                name="ready_answer_one_variant_a_language",
                violation_error_message=_("Cette réponse existe déjà dans cette langue."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def uses(self) -> int:
        """How often it was used, in any language."""
        return self.use_count + sum(variant.use_count for variant in self.variants.all())


class Answer(OnlineSealed):
    """What is said to the person, how, and whether it reached them."""

    locked_after = "case"

    case = models.ForeignKey(Case, models.CASCADE, related_name="answers")
    kind = models.CharField(_("type de réponse"), max_length=20, choices=AnswerKind.choices)
    source = models.CharField(max_length=10, choices=AnswerSource.choices)
    ready_answer = models.ForeignKey(ReadyAnswer, models.PROTECT, null=True, blank=True, related_name="+")
    words = SealedField()
    given_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField()
    told_how = models.CharField(max_length=12, choices=ToldHow.choices, default=ToldHow.NOT_YET)
    told_at = models.DateTimeField(null=True)
    delivery = models.CharField(max_length=10, choices=Delivery.choices, default=Delivery.WAITING)
    delivery_at = models.DateTimeField(null=True)
    readable_here = models.BooleanField(_("peut être lue sur le site avec le numéro"), default=False)
    outbound_id = models.UUIDField(null=True, editable=False, help_text="the message that carried it, if any")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["given_at"]
        get_latest_by = "given_at"
        indexes = [models.Index(fields=["case"], condition=UNTOLD, name="answer_untold")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(told_how=ToldHow.NOT_YET, told_at__isnull=True)
                | (~models.Q(told_how=ToldHow.NOT_YET) & models.Q(told_at__isnull=False)),
                name="answer_told_has_date",
                violation_error_message=_("Une réponse dite a une date et un moyen."),
            ),
            models.CheckConstraint(
                condition=models.Q(delivery=Delivery.WAITING) | models.Q(delivery_at__isnull=False),
                name="answer_delivery_has_date",
                violation_error_message=_("L'état de remise d'une réponse a une date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.delivery}"
