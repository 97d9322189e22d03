"""Who may do what in the vault, in one place. It drives buttons, pages and actions alike (DESIGN §1, §4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.transitions import Sentence
from directory.models import User
from directory.roles import HANDLERS, Role
from psea.enums import CaseState
from psea.tags import is_entity

if TYPE_CHECKING:
    from psea.models import SealedCase

BY_OFFICERS = frozenset({"transmit", "reach_outside", "reclassify"})
BY_EITHER = frozenset({"reopen"})

_NOT_YOURS = _("Ce dossier ne vous est pas confié.")
_OFFICERS_ONLY = _("Seules les personnes de garde peuvent le faire.")
_ENTITY_ONLY = _("Seules les personnes habilitées de l'entité peuvent le faire.")


def case_act_refused(case: SealedCase, act: str, by: Actor) -> Sentence | None:
    """None when this person may do this act on the accountability track; else why not."""
    if not isinstance(by, User) or not holds(case, by):
        return _NOT_YOURS
    officer, entity = by.has_role(Role.PSEA_INTAKE_OFFICER), is_entity_handler(case, by)
    if act in BY_OFFICERS:
        return None if officer else _OFFICERS_ONLY
    if act in BY_EITHER:
        return None if officer or entity else _OFFICERS_ONLY
    if entity or (officer and is_by_hand(case)):
        return None
    return _ENTITY_ONLY


def assistance_refused(case: SealedCase, by: Actor) -> Sentence | None:
    """None when this person may act on the assistance track; else why not."""
    if isinstance(by, User) and by.has_role(*HANDLERS) and holds(case, by):
        return None
    return _NOT_YOURS


def holds(case: SealedCase, user: User) -> bool:
    """Whether the person's living key opens the case."""
    return type(case).objects.visible_to(user, case.pk).exists()


def is_entity_handler(case: SealedCase, user: User) -> bool:
    """Whether the case was transmitted to the person's own entity, for which they are habilitated."""
    return user.has_role(Role.PSEA_FOCAL_POINT) and is_entity(case.entity_tag, user.organisation_id)


def is_by_hand(case: SealedCase) -> bool:
    """An entity outside the platform acts through the officer who handed the case over."""
    return case.outside_at is not None and case.state != CaseState.RECEIVED
