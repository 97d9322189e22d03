"""Filters of a list that somebody keeps under a name of their own."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.transitions import Refused
from directory.models import User
from referrals.enums import FilteredList
from referrals.models import SavedFilter

# More would no longer be found at a glance (a proposal, not a norm).
AT_MOST = 12


@transaction.atomic
def keep_filter(which: FilteredList, *, name: str, query: str, by: User) -> SavedFilter:
    """Keeps what an address asks of a list; kept already, it takes the new name. Raises Refused when there are many."""
    theirs = list(SavedFilter.objects.select_for_update().filter(owner=by, list=which))
    row = next((one for one in theirs if one.unsealed("query") == query), None)
    if row is None and len(theirs) >= AT_MOST:
        raise Refused(_("Vous gardez déjà douze filtres pour cette liste : effacez-en un d’abord."))
    row = row or SavedFilter(owner=by, list=which, created_at=timezone.now())
    row.seal(name=name, query=query)
    row.save()
    audit.record("referrals.saved_filter.keep", by=by, target=row)
    return row


@transaction.atomic
def rename_filter(pk: Any, *, name: str, by: User) -> None:
    row = _own(pk, by)
    row.seal(name=name)
    row.save(update_fields=["name", "data_key"])
    audit.record("referrals.saved_filter.rename", by=by, target=row)


@transaction.atomic
def open_on_filter(pk: Any, *, is_first: bool, by: User) -> None:
    """From now on its list opens on it, or on everything again."""
    row = _own(pk, by)
    SavedFilter.objects.filter(owner=by, list=row.list, is_first=True).update(is_first=False)
    row.is_first = is_first
    row.save(update_fields=["is_first"])
    audit.record("referrals.saved_filter.open_on", by=by, target=row, is_first=is_first)


@transaction.atomic
def drop_filter(pk: Any, *, by: User) -> None:
    row = _own(pk, by)
    audit.record("referrals.saved_filter.drop", by=by, target=row)
    row.delete()


def _own(pk: Any, by: User) -> SavedFilter:
    """Raises SavedFilter.DoesNotExist for what is somebody else's."""
    return SavedFilter.objects.select_for_update().get(pk=pk, owner=by)
