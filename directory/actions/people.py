"""People join, leave, are away and are replaced: turnover is the rule."""

from __future__ import annotations

from collections.abc import Collection

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core import audit
from core.actors import Actor
from core.outbox import queue_mail
from core.transitions import Refused
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
    """Sets roles, office, deputy and zone."""
    person.office, person.deputy = office, deputy
    person.full_clean(exclude=["password"])
    person.save()
    person.place_scope.set(places)
    _give_roles(person, roles)
    audit.record("directory.user.change", by=by, target=person, roles=",".join(sorted(roles)))


@transaction.atomic
def close_account(person: User, *, by: Actor) -> None:
    """Ends an account. What waited for it goes to the deputy through notices; sessions end at once."""
    person.is_active = False
    person.save(update_fields=["is_active"])
    audit.record("directory.user.close", by=by, target=person)


@transaction.atomic
def reopen_account(person: User, *, by: Actor) -> None:
    """Opens a closed account again, with the roles it had."""
    person.is_active = True
    person.save(update_fields=["is_active"])
    audit.record("directory.user.reopen", by=by, target=person)


@transaction.atomic
def set_away(person: User, *, away: bool, by: Actor) -> None:
    """Says that someone is away, or back. Raises Refused without a deputy: somebody must answer."""
    if away and person.deputy is None:
        raise Refused(gettext_lazy("Nommez d'abord une personne qui vous supplée."))
    person.is_away = away
    person.save(update_fields=["is_away"])
    audit.record("directory.user.away" if away else "directory.user.back", by=by, target=person)


def _give_roles(person: User, roles: Collection[Role]) -> None:
    person.role_rows.exclude(role__in=roles).delete()
    for role in roles:
        UserRole.objects.get_or_create(user=person, role=role)


def _send_invitation(person: User) -> None:
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    uidb36, _dash, token = key.partition("-")
    link = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": token})
    with override(person.language):
        body = _("%(organisation)s vous ouvre un compte dans Jaabi.\n\nChoisissez votre mot de passe :\n%(link)s") % {
            "organisation": person.organisation.name,
            "link": settings.PUBLIC_URL + link,
        }
        queue_mail(person.email, _("Votre compte Jaabi"), body)
