"""One message, two matters: a part goes to a case of its own, and does not stay with the rest."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.index import keyed_hash
from core.models import AuditEntry
from core.transitions import Conflict, Refused
from directory.models import User
from feedback.actions.receive import Spoken, receive, send_receipt
from feedback.actions.triage import hand_to_protection
from feedback.bringing import phone_of, sms_is_welcome
from feedback.enums import LIVE, MessageDirection
from feedback.models import Case, CaseMessage
from feedback.reading import may_read_words, recordings_of
from feedback.screening import suggests_sea
from feedback.source_keys import receipt_number
from psea.actions.receive import NobodyCanRead

SPLIT = "feedback.case.split"


@dataclass(frozen=True)
class Part:
    """What goes to the second case. `passages`: as they were said, each found in the first and taken out of it.

    `context`: what the second needs to be understood, in the operator's words. `way`: `vault`, `gbv`, `child`, or
    `none` for a matter still to be sorted.
    """

    passages: tuple[str, ...]
    context: str = ""
    way: str = "none"
    tells_by_sms: bool = False


@transaction.atomic
def split(
    case_id: Any, part: Part, *, once: uuid.UUID, by: User, at: datetime | None = None, seen: str | None = None
) -> str:
    """Opens the second case and returns its receipt number, to be told to the person. The first keeps its own.

    Once per `once`, in every lane. What suggests sexual exploitation or abuse goes to the vault. Raises Refused.
    """
    source_key = f"split:{once}"
    number, mark = receipt_number(source_key), keyed_hash(source_key, "split")
    case = Case.objects.visible_to(by).select_for_update().get(pk=case_id)
    if AuditEntry.objects.filter(act=SPLIT, target_id=str(case.pk), facts__mark=mark).exists():
        return number
    _check(case, by, seen)
    words = _taken_out(case, part.passages)
    spoken = _second(case, part, words, source_key=source_key, number=number)
    if spoken.is_delicate and recordings_of(case):
        raise Refused(_("Un enregistrement garde tout ce qui a été dit : effacez-le d’abord, ou protégez le dossier."))
    second = _received(spoken, by=by)
    if second is not None:
        _link(second, case)
        if part.way in ("gbv", "child"):
            hand_to_protection(second.pk, "gbv" if part.way == "gbv" else "child", by=by, at=at)
    if part.tells_by_sms and sms_is_welcome(case):
        send_receipt(spoken)
    audit.record(SPLIT, by=by, target=case, at=at, mark=mark)
    return number


def _link(second: Case, first: Case) -> None:
    """What the person's telephone says next, without a number, goes on to the first."""
    just_before = first.last_spoke_at - timedelta(seconds=1)
    Case.objects.filter(pk=second.pk).update(split_from=first, last_spoke_at=just_before)


def _check(case: Case, by: User, seen: str | None) -> None:
    if seen is not None and seen != case.state:
        raise Conflict(_("Quelqu'un d'autre vient d'agir sur ce dossier. Voici où il en est maintenant."))
    reason = case.may("triage", by)
    if reason is not None:
        raise Refused(reason)
    if case.state not in LIVE or not may_read_words(case, by):
        raise Refused(_("Ce n'est pas possible dans l'état actuel."))


def _taken_out(case: Case, passages: tuple[str, ...]) -> str:
    """Takes the passages out of what the person said, and returns them; what is left is never empty."""
    said = [_Said(case, "words")]
    said += [_Said(message, "body") for message in case.messages.filter(direction=MessageDirection.IN)]
    taken = []
    for passage in passages:
        found = next((found for one in said if (found := one.take(passage))), "")
        if not found:
            raise Refused(
                _("« %(passage)s » ne se trouve pas dans ce qui a été dit : recopiez ses mots, tels quels.")
                % {"passage": passage}
            )
        taken.append(found)
    if not any(one.left.strip() for one in said):
        raise Refused(_("Il ne resterait rien dans ce dossier : triez-le, ou protégez-le en entier."))
    if suggests_sea("\n".join(one.left for one in said)):
        raise Refused(_("Ce qui resterait fait penser à une EAS : protégez le dossier en entier."))
    for one in said:
        one.keep()
    return "\n".join(taken)


class _Said:
    """One sealed text of the first case, while passages are taken out of it."""

    def __init__(self, row: Case | CaseMessage, field: str) -> None:
        self.row, self.field = row, field
        self.whole = self.left = row.unsealed(field)

    def take(self, passage: str) -> str:
        """The passage as it stands here, whatever the spaces; "" if it does not."""
        wanted = r"\s+".join(re.escape(word) for word in passage.split())
        found = re.search(rf"(?<!\w){wanted}(?!\w)", self.left) if wanted else None
        if found is None:
            return ""
        parts = (self.left[: found.start()].rstrip(), self.left[found.end() :].lstrip())
        self.left = " ".join(one for one in parts if one)
        return found.group()

    def keep(self) -> None:
        if self.left == self.whole:
            return
        self.row.seal(**{self.field: self.left})
        self.row.save(update_fields=[self.field, "data_key"])


def _second(case: Case, part: Part, words: str, *, source_key: str, number: str) -> Spoken:
    """Only what was put there is said in it; who spoke, from where and how to reach them is the same."""
    phone = phone_of(case)
    same = ("channel", "received_at", "said_at", "language", "place", "mode", "group_women", "group_men")
    profile = ("sex", "age_group", "disability", "population_status", "safe_contact", "objects_to_sharing")
    return Spoken(
        source_key=source_key,
        receipt_number=number,
        words=words,
        note=part.context,
        phone=phone,
        name=case.unsealed("name"),
        contact="" if phone else case.unsealed("contact"),
        implicated=case.implicated(),
        entered_for=case.entered_for,
        source=case.source,
        restricted_kind=case.restricted_kind,
        is_delicate=part.way == "vault" or suggests_sea(f"{words}\n{part.context}"),
        **{name: getattr(case, name) for name in (*same, *profile)},
    )


def _received(spoken: Spoken, *, by: User) -> Case | None:
    try:
        return receive(spoken, by=by)
    except NobodyCanRead as error:
        raise Refused(
            _("Aucune personne de garde ne peut encore ouvrir ce dossier. Prévenez la coordination PEAS de vive voix.")
        ) from error
