"""Files that show where a reported value comes from: joined while it can still be changed, then kept with it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit, documents
from core.transitions import Refused
from directory.models import User
from workplan.actions.readings import EDITABLE
from workplan.models import Indicator, Reading, ReadingFile
from workplan.public_words import says_too_much

MOST, LONGEST_NAME = 5, 120


@transaction.atomic
def join_file(
    reading_id: int,
    *,
    content: str,
    name: str,
    by: User,
    at: datetime | None = None,
    pk: uuid.UUID | None = None,
) -> ReadingFile:
    """Joins a file (`core.documents`) to a draft or a returned value, once per `pk`.

    Raises Refused: not theirs to report or no longer to change, too many, or a name that may tell of a case;
    Reading.DoesNotExist.
    """
    reading = _locked(reading_id, by)
    known = reading.files.filter(pk=pk).first() if pk else None
    if known is not None:
        return known
    if reading.files.count() >= MOST:
        raise Refused(_("Une valeur ne porte pas plus de cinq fichiers : joignez un lien vers un dossier partagé."))
    shown = "".join(sign for sign in name if sign.isprintable()).strip()[:LONGEST_NAME]
    if says_too_much(shown):
        raise Refused(_("Le nom de ce fichier peut désigner un cas ou une personne : renommez-le."))
    file = ReadingFile(reading=reading, size=documents.size_of(content), added_by=by, added_at=at or timezone.now())
    file.id = pk or file.id
    file.seal(name=shown, content=content)
    file.save(force_insert=True)
    audit.record("workplan.reading_file.join", by=by, target=file, at=at, reading=reading.pk)
    return file


@transaction.atomic
def remove_file(file_id: uuid.UUID, *, by: User, at: datetime | None = None) -> Reading:
    """Nothing of it stays. Out: the value it was joined to. Raises Refused; ReadingFile.DoesNotExist."""
    file = ReadingFile.objects.visible_to(by).select_related("reading").get(pk=file_id)
    reading = _locked(file.reading_id, by)
    audit.record("workplan.reading_file.remove", by=by, target=file, at=at, reading=reading.pk)
    file.delete()
    return reading


def _locked(reading_id: int, by: User) -> Reading:
    reading = Reading.objects.visible_to(by).select_for_update(of=("self",)).get(pk=reading_id)
    if not Indicator.objects.reported_by(by).filter(pk=reading.indicator_id).exists():
        raise Refused(_("Cet indicateur est rapporté par le responsable de l’activité."))
    if reading.reporter_id not in (None, by.organisation_id):
        raise Refused(_("Cette part est rapportée par %(organisation)s.") % {"organisation": reading.reporter})
    if reading.state not in EDITABLE:
        raise Refused(_("Cette valeur est déjà soumise : ses preuves restent telles quelles."))
    return reading
