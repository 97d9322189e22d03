"""Taking in a 5W file: uploaded, checked, its organisations matched, confirmed; a worker goes through it each time."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.attached import as_text
from core.sheet_acts import check_again, confirm, unconfirmed
from core.transitions import Refused
from directory.actions.intervention_pass import pack
from directory.fivew_reading import find_table, missing_columns
from directory.models import (
    Intervention,
    InterventionContent,
    InterventionFile,
    Organisation,
    OrganisationSpelling,
    User,
)
from directory.organisation_names import key_of, kind_of
from directory.querysets import may_import_for_all

NEW, NOBODY = "new", ""
LONGEST_ACRONYM = 30


@transaction.atomic
def upload_file(
    content: bytes, *, source_name: str, once: uuid.UUID, by: User, at: datetime | None = None
) -> InterventionFile:
    """Finds the table and keeps the file sealed until it is confirmed. Raises Refused when it is no 5W table."""
    known = InterventionFile.objects.visible_to(by).filter(pk=once).first()
    if known is not None:
        return known
    found = find_table(content)
    file = InterventionFile(pk=once, owner=by, source_name=source_name, uploaded_at=at or timezone.now())
    file.page_index, file.header_line, file.columns = found.page_index, found.header_line, found.columns
    file.save(force_insert=True)
    kept = InterventionContent(file=file)
    kept.seal(content=as_text("5w", content), head=pack([found.headers, *found.sample]))
    kept.save(force_insert=True)
    audit.record("directory.intervention_file.upload", by=by, target=file, at=at)
    return file


@transaction.atomic
def check_file(file_id: Any, columns: Mapping[str, int], *, by: User) -> InterventionFile:
    """Notes which column says what and has every line checked; nothing is taken in. Raises Refused."""
    file = unconfirmed(InterventionFile.objects.visible_to(by), file_id)
    missing = missing_columns(dict(columns))
    if missing:
        raise Refused(_("Dites quelle colonne contient : %(columns)s.") % {"columns": ", ".join(missing)})
    file.columns = dict(columns)
    check_again(file)
    return file


@transaction.atomic
def match_organisations(file_id: Any, chosen: Mapping[str, str], *, by: User) -> int:
    """In: for each unknown organisation (`key_of`) an id, NEW to create it, or NOBODY. Out: how many are known now.

    What is left out stays refused. The lines are checked again.
    """
    file = unconfirmed(InterventionFile.objects.visible_to(by), file_id)
    if not may_import_for_all(by):
        raise Refused(_("Seuls le groupe de travail et l’administration rapprochent les organisations."))
    unknown = {key_of(one["acronym"], one["name"]): one for one in file.unknown}
    known = 0
    for key, choice in chosen.items():
        if key in unknown and choice != NOBODY:
            organisation = _create(unknown[key], by=by) if choice == NEW else Organisation.objects.get(pk=choice)
            OrganisationSpelling.objects.get_or_create(spelling=key, defaults={"organisation": organisation})
            audit.record("directory.organisation.match", by=by, target=organisation)
            known += 1
    check_again(file)
    return known


@transaction.atomic
def confirm_file(file_id: Any, *, by: User, at: datetime | None = None) -> InterventionFile:
    """Has the lines that are right taken in. Raises Refused before they were checked."""
    file = unconfirmed(InterventionFile.objects.visible_to(by), file_id)
    confirm(file, by=by, at=at)
    return file


@transaction.atomic
def remove_absent(file_id: Any, *, by: User) -> int:
    """Removes what earlier files of this source had and this one has not. Raises Refused once there is a newer one."""
    file = InterventionFile.objects.visible_to(by).select_for_update(of=("self",)).get(pk=file_id)
    if not is_newest(file):
        raise Refused(_("Un fichier plus récent de cette source a été repris : regardez celui-là."))
    count: int = absent_from(file).delete()[0]
    audit.record("directory.intervention_file.remove_absent", by=by, target=file, count=count)
    return count


def absent_from(file: InterventionFile) -> Any:
    """Once a file is taken in: rows of its source that it did not hold."""
    return Intervention.objects.of_source_of(file).exclude(seen_in=file)


def is_newest(file: InterventionFile) -> bool:
    """Whether it is the last file of its source that was taken in; only of that one can one say what is absent."""
    if file.finished_at is None:
        return False
    alike = InterventionFile.objects.filter(
        owner__organisation=file.owner.organisation_id, source_name=file.source_name, confirmed_at__isnull=False
    )
    return not alike.filter(confirmed_at__gt=file.confirmed_at).exists()


def _create(unknown: Mapping[str, str], *, by: User) -> Organisation:
    """An organisation of the spreadsheet, under its own name; it is not in, and receives nothing here."""
    acronym, name = unknown["acronym"], unknown["name"] or unknown["acronym"]
    # some write a whole name where the acronym goes
    acronym = acronym if len(acronym) <= LONGEST_ACRONYM else ""
    organisation, is_new = Organisation.objects.get_or_create(
        name=name, defaults={"acronym": acronym, "kind": kind_of(unknown["kind"])}
    )
    if is_new:
        audit.record("directory.organisation.create", by=by, target=organisation)
    return organisation
