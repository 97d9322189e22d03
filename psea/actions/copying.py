"""A copy for an investigator outside the platform: a file that their key or passphrase opens, marked, logged, dated."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core import audit
from core.formats import format_date
from core.sealing import WrongPassphrase
from core.transitions import Refused
from directory.models import Organisation, Place, User
from directory.notices import Notice
from directory.roles import Role
from psea.actions.keys import unlock
from psea.actions.opening import OpenedCase, case_for, read_case
from psea.age_files import encrypted
from psea.databases import VAULT
from psea.duty import coordination_of, tell
from psea.enums import Part
from psea.facts import Facts
from psea.models import HandedCopy, SealedCase
from psea.readers import Reader
from psea.rights import is_by_hand, is_entity_handler

STANDS = timedelta(days=30)


@dataclass(frozen=True)
class Copy:
    """The file, under a name that says nothing, and its row."""

    row: HandedCopy
    name: str
    content: bytes


def hand_copy(
    *,
    case_id: UUID,
    to_whom: str,
    own_passphrase: str,
    public_key: str = "",
    passphrase: str = "",
    reader: Reader,
    by: User,
    at: datetime | None = None,
) -> Copy:
    """The words and the facts, encrypted for the investigator of the concerned entity. The coordination is told.

    `own_passphrase`: the actor's own, asked again. `public_key` or `passphrase`: the investigator's, said by voice.
    Raises Refused; WrongPassphrase.
    """
    moment = at or timezone.now()
    if not to_whom.strip():
        raise Refused(gettext_lazy("Dites à qui, par sa fonction."))
    if unlock(by=by, passphrase=own_passphrase).key_id != reader.key_id:
        raise WrongPassphrase
    with transaction.atomic(using=VAULT):
        case = case_for(case_id, by)
        if not may_copy(case, by):
            raise Refused(gettext_lazy("Une copie part seulement pour l’entité à qui le dossier a été remis."))
        opened = read_case(case_id=case_id, reader=reader, by=by)
        row = HandedCopy(
            case=case,
            mark=secrets.token_hex(6),
            handed_by=by.pk,
            handed_at=moment,
            expires_on=timezone.localdate(moment + STANDS),
        )
        row.seal_with(reader.data_key(case.pk, Part.FACTS), to_whom=to_whom.strip())
        plain = "\n\n".join(_parts(opened, row, to_whom.strip(), by)).encode()
        content = encrypted(plain, public_key=public_key, passphrase=passphrase)
        row.save(using=VAULT, force_insert=True)
        audit.record("psea.sealedcase.hand_copy", by=by, target=case, using=VAULT, at=moment, mark=row.mark)
    tell(coordination_of(case), Notice.INFO, "copy", row.pk, at=at)
    return Copy(row, f"{row.mark}.age", content)


def note_destroyed(*, case_id: UUID, mark: str, on: date, by: User, at: datetime | None = None) -> HandedCopy:
    """The investigator said that a copy is destroyed. Raises HandedCopy.DoesNotExist, Refused."""
    if on > timezone.localdate(at):
        raise Refused(gettext_lazy("Cette date est dans l'avenir."))
    with transaction.atomic(using=VAULT):
        case = case_for(case_id, by)
        row = case.handed_copies.using(VAULT).select_for_update().get(mark=mark, destroyed_on=None)
        row.destroyed_on = on
        row.save(using=VAULT)
        audit.record("psea.sealedcase.copy_destroyed", by=by, target=case, using=VAULT, at=at, mark=mark)
    return row


def may_copy(case: SealedCase, by: User) -> bool:
    """Whoever answers for the entity the case was handed to, or the officer who handed it over by hand."""
    return is_entity_handler(case, by) or (is_by_hand(case) and by.has_role(Role.PSEA_INTAKE_OFFICER))


def _parts(opened: OpenedCase, row: HandedCopy, to_whom: str, by: User) -> Iterator[str]:
    """The text of the copy; the mark stands before each part of it."""
    if opened.narrative is None:
        raise Refused(gettext_lazy("Le récit n’est plus lisible ici."))
    with override(settings.LANGUAGE_CODE):
        marked = _("[copie %(mark)s · pour %(whom)s · remise par %(by)s · à détruire avant le %(day)s]") % {
            "mark": row.mark,
            "whom": to_whom,
            "by": by,
            "day": format_date(row.expires_on),
        }
        facts = "\n".join(f"{label} : {value}" for label, value in _facts(opened.facts) if value)
        said = [facts, opened.narrative.words, *(message.words for message in opened.narrative.messages)]
        for words in filter(None, said):
            yield f"{marked}\n{words}"
        yield f"{marked}\n" + _(
            "Fin de la copie. Les voix et les photos n’y sont pas : elles se remettent en personne."
        )


def _facts(facts: Facts) -> Iterator[tuple[str, str]]:
    """What is known of where and when, and of whom to look after first; of nobody's name."""
    entity = Organisation.objects.filter(pk=facts.organisation_id or 0).first()
    place = Place.objects.filter(pcode=facts.place_pcode).first()
    yield _("Entité concernée"), str(entity or "")
    yield _("Lieu"), place.full_name if place is not None else ""
    yield _("Date des faits"), format_date(facts.incident_on) if facts.incident_on is not None else ""
    yield _("Dit le"), format_date(facts.said_on) if facts.said_on is not None else ""
    yield _("Enfant concerné"), str(facts.child.label)
    yield _("Danger qui continue"), str(facts.danger.label)
    yield _("Représailles craintes"), str(facts.retaliation.label)
