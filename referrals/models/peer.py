from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.sealed_models import OnlineSealed, SealedField
from directory.models import Organisation


class PeerQuerySet(models.QuerySet["Peer"]):
    def open(self) -> PeerQuerySet:
        return self.filter(stopped_at=None)


class Peer(OnlineSealed):
    """Another installation, with which referrals are exchanged (docs/exchange.md). Kept by administrators.

    `url`: where its envelopes are posted; "" when they go by hand, as files. Each direction has its own secret.
    """

    name = models.CharField(_("nom"), max_length=80)
    url = models.CharField(_("adresse de sa boîte"), max_length=500, blank=True)
    secret_out = SealedField()
    secret_in = SealedField()
    created_at = models.DateTimeField(auto_now_add=True)
    stopped_at = models.DateTimeField(null=True, editable=False)

    objects = PeerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("installation")

    def __str__(self) -> str:
        return self.name


class PeerOrganisation(models.Model):
    """An organisation under the code by which both installations know it.

    `is_there`: it lives at the peer, and is reached there. Else it is one of ours, which the peer may address.
    """

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="organisations")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="at_peers", verbose_name=_("organisation")
    )
    code = models.CharField(_("code"), max_length=40)
    is_there = models.BooleanField(_("elle y travaille"), default=False)
    restricted_kinds = models.JSONField(_("points focaux confidentiels"), default=list, blank=True)

    class Meta:
        ordering = ["-is_there", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["peer", "code"],
                name="peer_code_once",
                violation_error_message=_("Ce code désigne déjà une organisation."),
            ),
            models.UniqueConstraint(
                fields=["peer", "organisation"],
                name="peer_organisation_once",
                violation_error_message=_("Cette organisation est déjà dans la liste."),
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(is_there=True),
                name="organisation_lives_in_one_place",
                violation_error_message=_("Cette organisation travaille déjà dans une autre installation."),
            ),
        ]

    def __str__(self) -> str:
        return self.code
