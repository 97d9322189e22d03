from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.querysets import PlaceQuerySet


class Place(models.Model):
    """A region (level 1) or a cercle (level 2), under its P-code (COD-AB, facts.md §5.2)."""

    class Level(models.IntegerChoices):
        REGION = 1, _("région")
        CERCLE = 2, _("cercle")

    pcode = models.CharField(_("P-code"), max_length=12, unique=True)
    level = models.PositiveSmallIntegerField(_("niveau"), choices=Level.choices)
    name = models.CharField(_("nom"), max_length=80)
    name_cod = models.CharField(_("nom COD"), max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    region_2023 = models.CharField(_("région de 2023"), max_length=40, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["pcode"]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """With the place it lies in, unless that bears the same name: a cercle is often called like its region."""
        return f"{self.name}, {self.parent.name}" if self.parent and self.parent.name != self.name else self.name

    @property
    def region(self) -> Place:
        """The region this place is in, or is."""
        return self.parent or self


class Scope(models.Model):
    """A named set of cercles, such as Liptako-Gourma: no list of it is official, so staff can edit it."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("nom"), max_length=80)
    definition = models.TextField(_("définition"), blank=True)
    places = models.ManyToManyField(Place, related_name="scopes", verbose_name=_("cercles"))
    is_focus = models.BooleanField(_("axe géographique du plan"), default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def pcodes(self) -> frozenset[str]:
        """The P-codes of its cercles."""
        return frozenset(self.places.values_list("pcode", flat=True))


class LaterPlace(models.Model):
    """A region or cercle of a later division of the country, kept beside: nothing that happened is moved to it.

    Its codes are those of its own `version`; no other numbering is inferred from them (facts.md §5.2).
    """

    version = models.CharField(_("version"), max_length=20)
    code = models.CharField(_("code"), max_length=12)
    level = models.PositiveSmallIntegerField(_("niveau"), choices=Place.Level.choices)
    name = models.CharField(_("nom"), max_length=80)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")

    class Meta:
        ordering = ["version", "code"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="later_place_once_per_version")]

    def __str__(self) -> str:
        return self.name


class PlaceCrosswalk(models.Model):
    """Where a place of today lies in a later division: wholly in one, or in parts of several."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="later")
    later = models.ForeignKey(LaterPlace, models.CASCADE, related_name="earlier")
    is_whole = models.BooleanField(_("en entier"), default=True)

    class Meta:
        ordering = ["place__pcode", "later__code"]
        constraints = [models.UniqueConstraint(fields=["place", "later"], name="place_crosswalk_once")]

    def __str__(self) -> str:
        return f"{self.place} → {self.later}"
