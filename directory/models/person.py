from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from directory.enums import NoticePace, NoticeWay
from directory.models.organisation import Office, Organisation
from directory.models.place import Place
from directory.querysets import UserManager
from directory.roles import NEEDS_SECOND_FACTOR, Role


class User(AbstractBaseUser):
    """A member of staff of one organisation. Permissions come from roles, in code; there is no superuser."""

    email = models.EmailField(_("adresse électronique"), unique=True)
    name = models.CharField(_("nom"), max_length=120)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="people", verbose_name=_("organisation")
    )
    office = models.ForeignKey(
        Office, models.SET_NULL, null=True, blank=True, related_name="people", verbose_name=_("bureau")
    )
    deputy = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="deputy_of", verbose_name=_("suppléance")
    )
    place_scope = models.ManyToManyField(Place, blank=True, related_name="+", verbose_name=_("zone"))
    language = models.CharField(_("langue"), max_length=5, choices=settings.STAFF_LANGUAGES, default="fr")
    phone = models.CharField(_("téléphone pour les avis"), max_length=16, blank=True)
    notices_by = models.CharField(_("avis"), max_length=10, choices=NoticeWay.choices, default=NoticeWay.EMAIL)
    notices_pace = models.CharField(_("rythme"), max_length=10, choices=NoticePace.choices, default=NoticePace.HOURLY)
    is_active = models.BooleanField(_("compte ouvert"), default=True)
    is_away = models.BooleanField(_("en absence"), default=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "organisation"]

    class Meta:
        ordering = ["name"]
        verbose_name = _("personne")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(deputy=models.F("id")),
                name="user_is_not_their_own_deputy",
                violation_error_message=_("Une personne ne peut pas se suppléer elle-même."),
            ),
            models.CheckConstraint(
                condition=models.Q(notices_by=NoticeWay.EMAIL) | ~models.Q(phone=""),
                name="user_told_by_sms_has_phone",
                violation_error_message=_("Pour être prévenu par SMS ou WhatsApp, indiquez un numéro de téléphone."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    actor_kind = "user"

    @property
    def actor_id(self) -> str:
        return str(self.pk)

    @cached_property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(row.role) for row in self.role_rows.all())

    def has_role(self, *roles: Role) -> bool:
        """Whether the person has any of these roles, and their account is open."""
        return self.is_active and not self.roles.isdisjoint(roles)

    @cached_property
    def pcodes(self) -> frozenset[str]:
        """The P-codes they answer for; empty means the whole country."""
        return frozenset(place.pcode for place in self.place_scope.all())

    def covers(self, place: Place | None) -> bool:
        """Whether a matter of this place (None: not known) is theirs, by place alone."""
        return not self.pcodes or place is None or not self.pcodes.isdisjoint({place.pcode, place.region.pcode})

    @property
    def needs_second_factor(self) -> bool:
        return not self.roles.isdisjoint(NEEDS_SECOND_FACTOR)

    # django.contrib.auth asks these; nobody has rights outside the roles.
    is_staff = is_superuser = False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class UserRole(models.Model):
    """One role of one person."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_rows")
    role = models.CharField(_("rôle"), max_length=30, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="role_once_per_user")]

    def __str__(self) -> str:
        return str(Role(self.role).label)
