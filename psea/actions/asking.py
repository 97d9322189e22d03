"""Asking the person something in writing, on the site: the only way to those who gave no telephone and no name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.transitions import Refused
from directory.models import User
from psea.actions.opening import read_case
from psea.databases import VAULT
from psea.enums import Part
from psea.models import Question
from psea.readers import Reader
from psea.rights import assistance_refused
from psea.tags import holder_keys, holder_tag


def ask_person(*, case_id: UUID, words: str, reader: Reader, by: User, at: datetime | None = None) -> Question:
    """Leaves a question where number and code open it; what the person adds comes to the case. Raises Refused."""
    if not words.strip():
        raise Refused(_("Écrivez votre question."))
    moment = at or timezone.now()
    with transaction.atomic(using=VAULT):
        opened = read_case(case_id=case_id, reader=reader, by=by)
        refused = assistance_refused(opened.case, by)
        if refused is not None:
            raise Refused(refused)
        if opened.narrative is None or not opened.narrative.contact.code:
            raise Refused(_("Cette personne n’a pas de code : elle ne pourrait pas lire votre question sur le site."))
        number, code = opened.narrative.contact.receipt_number, opened.narrative.contact.code
        question = Question(case=opened.case, holder_tag=holder_tag(number, code), asked_by=by.pk, asked_at=moment)
        question.seal_with(reader.data_key(opened.case.pk, Part.WORDS), words=words.strip())
        question.seal_for_person(holder_keys(number, code)[0], words.strip())
        question.save(using=VAULT, force_insert=True)
        audit.record("psea.sealedcase.ask", by=by, target=opened.case, using=VAULT, at=moment)
    return question
