"""Receipt numbers printed in advance for a relay without network, and the entry that later takes one."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.index import is_same, keyed_hash
from core.receipt_number import is_well_formed
from core.transitions import Refused
from directory.models import Organisation, User
from feedback.models import Booklet, BookletNumber
from feedback.source_keys import receipt_number, row_id


@transaction.atomic
def make_booklet(*, once: uuid.UUID, relay: str, organisation: Organisation, count: int, by: User) -> list[str]:
    """Fresh numbers, to be printed now: only their hashes stay. The same form sent twice is one booklet."""
    numbers = [receipt_number(f"booklet:{once}:{place}") for place in range(count)]
    pk = row_id(f"booklet:{once}", "booklet")
    booklet, is_new = Booklet.objects.get_or_create(
        pk=pk, defaults={"relay": relay, "organisation": organisation, "count": count, "made_by": by}
    )
    if booklet.made_by_id != by.pk or booklet.count != count:
        raise Refused(_("Ce carnet est déjà fait : recommencez avec une page neuve."))
    if is_new:
        BookletNumber.objects.bulk_create([BookletNumber(number_hash=_index(one), booklet=booklet) for one in numbers])
        audit.record("feedback.booklet.make", by=by, target=booklet, count=count)
    return numbers


def claim(number: str, source_key: str) -> None:
    """An entry takes this number, inside the caller's transaction; again for the same entry is harmless.

    What is asked and kept is the same in every lane. Raises Refused: a number mistyped, foreign or taken.
    """
    if not is_well_formed(number):
        raise Refused(_("Il y a une erreur dans ce numéro de carnet : relisez ses 12 chiffres."))
    row = BookletNumber.objects.select_for_update().filter(pk=_index(number)).first()
    if row is None:
        raise Refused(_("Ce numéro ne vient d’aucun de nos carnets : relisez-le, ou laissez la case vide."))
    mark = keyed_hash(source_key, "booklet-claim")
    if row.claim and not is_same(row.claim, mark):
        raise Refused(_("Ce numéro de carnet est déjà pris : prenez le feuillet suivant."))
    row.claim = mark
    row.save(update_fields=["claim"])


def _index(number: str) -> str:
    """Another hash than that of cases: nothing joins a slip to what was said under it."""
    return keyed_hash(number, "booklet")
