"""People leave, are away, and come back: turnover is the rule, and what waited for them must wait for somebody else.

What a person had taken on goes to their deputy in the same act; packages to the right say what that is, through the
table of reactions (`directory.user.leave`, `directory.user.away`, `directory.user.back`).
"""

from __future__ import annotations

from collections.abc import Collection

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from core import audit
from core.actors import Actor
from core.outbox import queue_mail
from core.transitions import Refused, react
from directory.models import User
from directory.roles import TAKES_WORK, Role


def successors_of(person: User, roles: Collection[Role] | None = None) -> QuerySet[User]:
    """Who can take over from somebody: colleagues who are there and hold every role of theirs that takes work.

    `roles`: those that the person is about to have, if not those they have.
    """
    colleagues: QuerySet[User] = (
        User.objects.active().filter(organisation=person.organisation_id, is_away=False).exclude(pk=person.pk)
    )
    for role in TAKES_WORK.intersection(person.roles if roles is None else roles):
        colleagues = colleagues.filter(pk__in=User.objects.with_role(role))
    return colleagues.order_by("name")


def needs_successor(person: User) -> bool:
    """Whether something may wait for this person, so that somebody must be named when they go."""
    return not person.roles.isdisjoint(TAKES_WORK)


@transaction.atomic
def leave(person: User, *, successor: User | None, by: User) -> None:
    """Ends an account: its work is the successor's at once, and its sessions end.

    Raises Refused where somebody must take over and nobody who can is named. Only an administrator may close such an
    account all the same: it may have been stolen.
    """
    _check(person, successor)
    if successor is None and needs_successor(person) and not by.has_role(Role.ADMINISTRATOR):
        raise Refused(_("Nommez la personne qui prend la suite."))
    person.deputy = successor or person.deputy
    person.is_active = False
    person.is_away = False
    person.save(update_fields=["deputy", "is_active", "is_away"])
    if successor is not None:
        User.objects.filter(deputy=person).exclude(pk=successor.pk).update(deputy=successor)
        User.objects.filter(pk=successor.pk, deputy=person).update(deputy=None)
    _end_sessions(person)
    react(person, "leave", by=by, at=timezone.now())
    audit.record("directory.user.leave", by=by, target=person, successor=successor.pk if successor else None)


@transaction.atomic
def sign_out_everywhere(person: User, *, by: Actor) -> int:
    """Ends every session of somebody, on all machines: one was left open, lost or stolen. Out: how many."""
    count = _end_sessions(person)
    audit.record("directory.user.sign_out", by=by, target=person, sessions=count)
    return count


@transaction.atomic
def forget_factors(person: User, *, by: User) -> None:
    """A telephone is lost, its codes with it: another second factor is set up at the next sign-in.

    Sessions end, and the person is told by mail, for it may be somebody else who asked. Raises Refused for anyone but
    an administrator.
    """
    if not by.has_role(Role.ADMINISTRATOR):
        raise Refused(_("Seule l’administration retire une double authentification."))
    Authenticator.objects.filter(user=person).delete()
    _end_sessions(person)
    with override(person.language):
        body = gettext(
            "%(name)s a retiré votre double authentification de Jaabi, parce que vous l’auriez demandé. À votre "
            "prochaine connexion, réglez-en une nouvelle.\n\nSi ce n’était pas vous, appelez tout de suite qui "
            "administre Jaabi : quelqu’un connaît peut-être votre mot de passe."
        ) % {"name": by.name}
        queue_mail(person.email, gettext("Votre double authentification est retirée"), body)
    audit.record("directory.user.forget_factors", by=by, target=person)


@transaction.atomic
def reopen_account(person: User, *, by: Actor) -> None:
    """Opens a closed account again, with the roles it had; what was handed over stays where it is."""
    person.is_active = True
    person.save(update_fields=["is_active"])
    audit.record("directory.user.reopen", by=by, target=person)


@transaction.atomic
def go_away(person: User, *, by: Actor) -> None:
    """Someone is away for a while: their deputy takes over. Raises Refused without one who can."""
    if person.deputy is None:
        raise Refused(_("Nommez d'abord une personne qui vous supplée."))
    _check(person, person.deputy)
    person.is_away = True
    person.save(update_fields=["is_away"])
    react(person, "away", by=by, at=timezone.now())
    audit.record("directory.user.away", by=by, target=person)


@transaction.atomic
def come_back(person: User, *, by: Actor) -> None:
    """Back: what was theirs and is not finished is theirs again."""
    person.is_away = False
    person.save(update_fields=["is_away"])
    react(person, "back", by=by, at=timezone.now())
    audit.record("directory.user.back", by=by, target=person)


def _end_sessions(person: User) -> int:
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    return len(sessions)


def _check(person: User, successor: User | None) -> None:
    if successor is not None and not successors_of(person).filter(pk=successor.pk).exists():
        raise Refused(
            _("%(name)s n’a pas les mêmes rôles, ou est en absence : choisissez une autre personne.")
            % {"name": successor.name}
        )
