from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.organisation import Organisation
from directory.querysets import PartnerLinkQuerySet


class PartnerLink(models.Model):
    """One organisation works under contract for another: the agency sees level 1 of what is referred to the partner.

    Kept by administrators: an agency does not name its own partners, for that would open their referrals to it.
    """

    agency = models.ForeignKey(
        Organisation, models.CASCADE, related_name="partner_links", verbose_name=_("organisation qui contracte")
    )
    partner = models.ForeignKey(Organisation, models.CASCADE, related_name="agency_links", verbose_name=_("partenaire"))
    starts_on = models.DateField(_("depuis le"))
    ends_on = models.DateField(_("jusqu’au"), null=True, blank=True)

    objects = PartnerLinkQuerySet.as_manager()

    class Meta:
        ordering = ["agency__acronym", "partner__acronym", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(agency=models.F("partner")),
                name="partner_link_of_two",
                violation_error_message=_("Une organisation n’est pas sa propre partenaire."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="partner_link_ends_after_it_starts",
                violation_error_message=_("La fin vient avant le début."),
            ),
            models.UniqueConstraint(
                fields=["agency", "partner", "starts_on"],
                name="partner_link_once",
                violation_error_message=_("Ce lien existe déjà."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} → {self.partner}"
