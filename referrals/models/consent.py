from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from directory.enums import NOT_SAID, RestrictedKind
from directory.languages import language_choices
from directory.models import Office, Organisation, User
from directory.roles import RESTRICTED_ROLES, Role
from feedback.enums import CaseState, Lane
from feedback.models import Case, CaseImplicated
from feedback.querysets import naming
from referrals.enums import ConsentGiver, ConsentMethod, ConsentStatus, Override, OverrideReview
from referrals.querysets import implicates


class ConsentQuerySet(models.QuerySet["Consent"]):
    def for_receiver(self, case_id: uuid.UUID, receiver_id: int, office_id: int | None) -> ConsentQuerySet:
        """What the person said of this receiver, newest first. Said of an organisation, it holds for its offices."""
        same = Q(receiver_office=None) | Q(receiver_office=office_id)
        return self.filter(same, case=case_id, receiver=receiver_id).order_by("-given_at", "-id")

    def overrides_read_by(self, user: User) -> ConsentQuerySet:
        """What somebody of their organisation passed on without consent, for whoever answers for that.

        Of ordinary matters, the agency's managers; of restricted ones, those who are named for their kind: as it was
        then, so that a matter that was taken back since stays in the hands it was in. Nobody whom it implicates.
        What nobody of the organisation could look at again is the working group's, or that of others of that kind; not
        of whoever it was passed on to.
        """
        taken_back = Q(case__state=CaseState.PROTECTED)
        mine, elsewhere = Q(pk__in=[]), ~Q(receiver=user.organisation_id)
        for kind, role in RESTRICTED_ROLES.items():
            if user.has_role(role):
                of_kind = Q(case__lane=Lane.RESTRICTED, case__restricted_kind=kind) | (taken_back & Q(kept_kind=kind))
                mine |= of_kind & (Q(sent_by=user.organisation_id) | elsewhere & ~_reviewed_at_home(role))
        ordinary = Q(case__lane=Lane.ORDINARY) & (Q(kept_kind="") | ~taken_back)
        if user.has_role(Role.AGENCY_MANAGER):
            mine |= ordinary & Q(sent_by=user.organisation_id)
        if user.has_role(Role.WORKING_GROUP):
            mine |= ordinary & elsewhere & ~_reviewed_at_home(Role.AGENCY_MANAGER)
        rows = self.exclude(override_code="").annotate(sent_by=F("referrals__sender"), whose=F("case"))
        return self.filter(pk__in=rows.filter(mine, sent_by__isnull=False).values("pk")).exclude(implicates(user))


def _reviewed_at_home(role: Role) -> Q:
    """Whether the organisation that sent it has somebody of that role, whom it spares, beside whoever noted it."""
    named = CaseImplicated.objects.filter(
        naming(OuterRef("pk"), OuterRef("organisation"), OuterRef("office")), case=OuterRef(OuterRef("whose"))
    )
    people = User.objects.with_role(role).filter(~Exists(named), organisation=OuterRef("sent_by"))
    return Q(Exists(people.exclude(pk=Coalesce(OuterRef("recorded_by"), 0))))


class Consent(models.Model):
    """What a person allowed one receiver to know, how and by whom it was said (facts.md §3.2)."""

    locked_after = "case"

    case = models.ForeignKey(Case, models.CASCADE, related_name="consents")
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    receiver_office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(_("accord"), max_length=12, choices=ConsentStatus.choices)
    method = models.CharField(_("comment"), max_length=12, choices=ConsentMethod.choices, blank=True)
    giver = models.CharField(_("par qui"), max_length=12, choices=ConsentGiver.choices, blank=True)
    scope_matter = models.BooleanField(_("l’objet"), default=True)
    scope_words = models.BooleanField(_("ses mots"), default=False)
    # Empty: asked in one question with how to reach them, before names were asked for apart.
    scope_name = models.BooleanField(_("son nom"), null=True)
    scope_contact = models.BooleanField(_("comment la joindre"), default=False)
    language = models.CharField(_("langue"), max_length=10, choices=language_choices, default=NOT_SAID)
    override_code = models.CharField(_("motif sans accord"), max_length=20, choices=Override.choices, blank=True)
    given_at = models.DateTimeField(_("dit le"))
    expires_at = models.DateTimeField(_("valable jusqu’au"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(pgettext_lazy("accord", "retiré le"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    # Of an override: whose matter it was then (empty: everyone's who refers), and who looked at it again.
    kept_kind = models.CharField(max_length=12, choices=RestrictedKind.choices, blank=True, editable=False)
    review = models.CharField(_("relecture"), max_length=12, choices=OverrideReview.choices, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(_("relu le"), null=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=ConsentStatus.GIVEN) | (~Q(method="") & ~Q(giver="")),
                name="consent_given_says_how_and_by_whom",
                violation_error_message=_("Dites comment l’accord a été donné, et par qui."),
            ),
            models.CheckConstraint(
                condition=(Q(status=ConsentStatus.NOT_REQUIRED) & ~Q(override_code=""))
                | (~Q(status=ConsentStatus.NOT_REQUIRED) & Q(override_code=""))
                # taken back since: its ground stays, to be read
                | Q(status=ConsentStatus.WITHDRAWN),
                name="consent_override_has_its_ground",
                violation_error_message=_(
                    "Se passer de l’accord demande un motif, et un motif ne va pas avec l’accord."
                ),
            ),
            models.CheckConstraint(
                condition=Q(status=ConsentStatus.WITHDRAWN) ^ Q(withdrawn_at=None),
                name="consent_withdrawn_has_its_date",
                violation_error_message=_("Un accord retiré porte la date du retrait."),
            ),
            models.CheckConstraint(
                condition=Q(review="", reviewed_by=None, reviewed_at=None)
                | (~Q(review="") & ~Q(override_code="") & Q(reviewed_by__isnull=False, reviewed_at__isnull=False)),
                name="consent_reviewed_override_says_by_whom",
                violation_error_message=_("Une relecture porte sur un passage sans accord, et dit de qui et quand."),
            ),
        ]
        indexes = [
            models.Index(fields=["given_at"], name="consent_overrides", condition=~Q(override_code="")),
        ]

    def __str__(self) -> str:
        return f"{self.receiver_id} {self.status}"

    def allows_person(self, moment: datetime) -> bool:
        """Whether anything of level 2 may go to the receiver at this moment."""
        return self.is_valid(moment) and (self.scope_words or self.allows_name or self.scope_contact)

    @property
    def what_it_covers(self) -> list[str]:
        """Of level 2, in words."""
        covers = {_("ses mots"): self.scope_words, _("son nom"): self.allows_name, _("son contact"): self.scope_contact}
        return [str(word) for word, is_covered in covers.items() if is_covered]

    @property
    def allows_name(self) -> bool:
        """Whether the receiver may know the person's name."""
        return self.scope_contact if self.scope_name is None else self.scope_name

    def is_valid(self, moment: datetime) -> bool:
        """Given or not required, not withdrawn, not expired."""
        stands = self.status in (ConsentStatus.GIVEN, ConsentStatus.NOT_REQUIRED)
        return stands and (self.expires_at is None or moment < self.expires_at)
