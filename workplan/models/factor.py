from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.models import Place, User
from feedback.enums import Level
from feedback.models import Category
from workplan.enums import Breadth


class TriggerFactor(models.Model):
    """What makes a matter one for the country team, as the working group decided: so many cases, somewhere, in so many
    days (how often), of one category or of all that are as grave as a level (how severe). Counted in the ordinary lane
    only. Changed by a new one: what was proposed stays explained.
    """

    title = models.CharField(_("facteur"), max_length=160)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(
        _("gravité, à partir du niveau"), null=True, blank=True, choices=Level.choices
    )
    breadth = models.CharField(_("compté par"), max_length=10, choices=Breadth.choices)
    threshold = models.PositiveIntegerField(_("à partir de combien de dossiers"), validators=[MinValueValidator(1)])
    days = models.PositiveSmallIntegerField(_("en combien de jours"), validators=[MinValueValidator(1)])
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="factor_ended_by_somebody",
                violation_error_message=_("Une fin a une date et un nom."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def counted(self) -> str:
        """Of what: its category, or how grave, in words."""
        if self.level is not None:
            return str(_("gravité %(level)s ou plus") % {"level": self.get_level_display()})
        return str(self.category or _("toutes catégories"))


class SetAside(models.Model):
    """A proposal that somebody looked at and did not take up, with why; until then the same is not proposed again."""

    factor = models.ForeignKey(TriggerFactor, on_delete=models.CASCADE, related_name="set_aside")
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    until = models.DateField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.reason
