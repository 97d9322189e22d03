"""Taking a closed case up again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.transitions import Refused, move
from feedback.enums import ReopenReason
from feedback.models import Case


def reopen(case_id: Any, *, by: Actor, at: datetime | None = None, reason_code: str, seen: str | None = None) -> Case:
    """closed → reopened, by the person or by staff with a reason. Raises Refused."""
    if reason_code not in ReopenReason.values:
        raise Refused(_("Dites pourquoi ce dossier est rouvert."))
    return move(Case, case_id, "reopen", by=by, at=at, seen=seen, facts={"reason": reason_code})
