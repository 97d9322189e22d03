"""Two organisations keep the signed checkpoints of the audit, the first of which is made when the history stands."""

from __future__ import annotations

from django.utils import timezone

from core.actors import SYSTEM
from core.checkpoints import make_checkpoint
from directory.actions.witnesses import name_witness
from directory.models import Organisation, Witness

KEEPING = ("HCR", "NRC")


def sign_and_name() -> None:
    """Chains the whole history, signs it, and names the witnesses of each organisation that keeps it."""
    make_checkpoint(timezone.now())
    for organisation in Organisation.objects.filter(acronym__in=KEEPING).order_by("acronym"):
        name_witness(
            Witness(organisation=organisation, email=f"audit@{organisation.acronym.lower()}.example"), by=SYSTEM
        )
