"""The one mouth for state transitions.

Lock the row, check the state, the permission and the guards, save, run the reactions, write the audit
row: one transaction. What must be sent is queued in it, and leaves after commit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django_fsm import TransitionNotAllowed

from core import audit
from core.actors import Actor

Sentence = str | Promise


class Refused(Exception):
    """What was asked cannot be done; `reason` says why, in the user's language."""

    def __init__(self, reason: Sentence) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Conflict(Refused):
    """Someone else acted first: the row is no longer in the state that the actor saw."""


class Reaction(Protocol):
    def __call__(self, pk: Any, /, *, by: Actor, at: datetime) -> None: ...


class Movable(Protocol):
    """What a model with states offers the mouth."""

    state: str

    def may(self, act: str, by: Actor) -> Sentence | None: ...


Row = TypeVar("Row", bound=models.Model)


def move(
    model: type[Row],
    pk: Any,
    act: str,
    *,
    by: Actor,
    at: datetime | None = None,
    using: str = "default",
    seen: str | None = None,
    facts: Mapping[str, audit.Fact] | None = None,
    **details: Any,
) -> Row:
    """Moves one row by the transition method named `act`, and returns it saved.

    `at`: when the fact happened (now by default). `seen`: the state the actor had before them.
    `details` go to the transition method; `facts` (codes, ids) go to the audit.
    Raises Refused with a reason for the user; Conflict when `seen` is not the state any more.
    """
    moment = at or timezone.now()
    with transaction.atomic(using=using):
        row = locked(model, pk, using=using)
        before = _checked(row, act, by=by, seen=seen)
        _step(row, act, by=by, at=moment, details=details)
        row.save(using=using)
        react(row, act, by=by, at=moment)
        audit.record(
            key_of(row, act),
            by=by,
            target=row,
            using=using,
            at=moment,
            before=before,
            after=str(getattr(row, "state")),  # noqa: B009  the type variable is bound to Model, not to Movable
            **(facts or {}),
        )
    return row


def locked(model: type[Row], pk: Any, *, using: str = "default") -> Row:
    """The row, kept from others until the transaction ends; what it is part of (`locked_after`) is kept before it.

    Whoever acts on a case and what belongs to it takes the rows in this one order, so that no two wait for each other.
    Raises the model's DoesNotExist.
    """
    rows = model._default_manager.using(using)
    whole = getattr(model, "locked_after", None)
    if whole is not None:
        of = rows.filter(pk=pk).values_list(whole, flat=True).first()
        if of is not None:
            locked(model._meta.get_field(whole).related_model, of, using=using)  # type: ignore[arg-type]
    return rows.select_for_update().get(pk=pk)


def react(row: models.Model, act: str, *, by: Actor, at: datetime) -> None:
    """Runs what `settings.REACTIONS` lists for this act, in order, in the caller's transaction."""
    for reaction in _reactions().get(key_of(row, act), ()):
        reaction(row.pk, by=by, at=at)


def check_seen(state: str, seen: str | None) -> None:
    """Raises Conflict when the actor had another state before them than the row has."""
    if seen is not None and seen != state:
        raise Conflict(_("Quelqu'un d'autre vient d'agir sur ce dossier. Voici où il en est maintenant."))


def key_of(row: models.Model, act: str) -> str:
    """`referrals.referral.accept`: how an act is named in the table of reactions and in the audit."""
    return f"{row._meta.label_lower}.{act}"


def why_not(row: models.Model, act: str, by: Actor) -> Sentence | None:
    """None when the actor may do this now; else the reason, for a disabled button."""
    if not any(transition.name == act for transition in _open_transitions(row)):
        return _("Ce n'est pas possible dans l'état actuel.")
    return row.may(act, by)  # type: ignore[attr-defined, no-any-return]  # Movable by contract


def _checked(row: Any, act: str, *, by: Actor, seen: str | None) -> str:
    before = str(row.state)
    check_seen(before, seen)
    reason = row.may(act, by)
    if reason is not None:
        raise Refused(reason)
    return before


def _step(row: models.Model, act: str, *, by: Actor, at: datetime, details: Mapping[str, Any]) -> None:
    try:
        getattr(row, act)(by=by, at=at, **details)
    except TransitionNotAllowed as error:
        raise Refused(_("Ce n'est pas possible dans l'état actuel.")) from error


def _open_transitions(row: Any) -> list[Any]:
    return list(row.get_available_state_transitions())


@cache
def _reactions() -> Mapping[str, tuple[Callable[..., None], ...]]:
    table: Mapping[str, tuple[Callable[..., None], ...]] = import_string(settings.REACTIONS)
    return table
