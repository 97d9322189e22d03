"""People are invited, and what they do is changed."""

from __future__ import annotations

from collections.abc import Collection

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core import audit
from core.actors import Actor
from core.outbox import queue_mail
from core.transitions import Refused, react
from directory.models import Office, Organisation, Place, User, UserRole
from directory.roles import Role


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    organisation: Organisation,
    roles: Collection[Role],
    by: Actor,
    office: Office | None = None,
) -> User:
    """Opens an account and mails its owner where to choose a password. Raises Refused if the address is taken."""
    if User.objects.filter(email__iexact=email).exists():
        raise Refused(gettext_lazy("Cette adresse a déjà un compte."))
    person = User.objects.create_user(email=email, name=name, organisation=organisation, office=office)
    _give_roles(person, roles)
    audit.record("directory.user.invite", by=by, target=person, roles=",".join(sorted(roles)))
    _send_invitation(person)
    return person


@transaction.atomic
def change_person(
    person: User,
    *,
    by: Actor,
    roles: Collection[Role],
    office: Office | None,
    deputy: User | None,
    places: Collection[Place],
) -> None:
    """Sets roles, office, deputy and zone; what this person had taken on and sees no more is handed over."""
    person.office, person.deputy = office, deputy
    person.full_clean(exclude=["password"])
    person.save()
    person.place_scope.set(places)
    _give_roles(person, roles)
    react(person, "change", by=by, at=timezone.now())
    audit.record("directory.user.change", by=by, target=person, roles=",".join(sorted(roles)))


def _give_roles(person: User, roles: Collection[Role]) -> None:
    person.role_rows.exclude(role__in=roles).delete()
    for role in roles:
        UserRole.objects.get_or_create(user=person, role=role)


def invitation_link(person: User) -> str:
    """Where somebody chooses a password, once, within `PASSWORD_RESET_TIMEOUT`. Whoever has it has the account."""
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    uidb36, _dash, token = key.partition("-")
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": token})
    return f"{settings.PUBLIC_URL}{path}"


def _send_invitation(person: User) -> None:
    with override(person.language):
        body = _("%(organisation)s vous ouvre un compte dans Jaabi.\n\nChoisissez votre mot de passe :\n%(link)s") % {
            "organisation": person.organisation.name,
            "link": invitation_link(person),
        }
        queue_mail(person.email, _("Votre compte Jaabi"), body)
