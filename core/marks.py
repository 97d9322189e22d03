"""Marks in columns (decision 19): how they are written, and found in whichever form they stand.

Whoever looks for a mark gives what `keyed_hash` made, or what another row holds; the field looks for every form in
which it may stand, and writes the newest. So rows of both kinds stand side by side while they are changed.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

from django.db import models
from django.db.models.lookups import Exact, In

from core.index import forms_of, lifted

# Both may be None where the column may.
Set_contra = TypeVar("Set_contra", contravariant=True)
Get_co = TypeVar("Get_co", covariant=True)


class MarkField(models.CharField[Set_contra, Get_co]):
    """A column of marks. `vault`: under the keys of the vault's side. `leads`: other rows are found from it."""

    def __init__(self, *args: Any, vault: bool = False, leads: bool = False, **options: Any) -> None:
        self.vault, self.leads = vault, leads
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        """For migrations it is text: the database keeps nothing else."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options

    def get_prep_value(self, value: Any) -> Any:
        found = super().get_prep_value(value)
        return lifted(found, vault=self.vault) if isinstance(found, str) else found

    def forms(self, value: Any) -> tuple[Any, ...]:
        return forms_of(value, vault=self.vault) if isinstance(value, str) else (value,)


class _AsTheyAre(In):
    prepare_rhs = False


@MarkField.register_lookup
class AnyForm(Exact):
    """`=`, in every form."""

    def get_prep_lookup(self) -> Any:
        self.forms = () if hasattr(self.rhs, "resolve_expression") else _field(self).forms(self.rhs)
        return super().get_prep_lookup()

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if len(self.forms) > 1:
            return _AsTheyAre(self.lhs, list(self.forms)).as_sql(compiler, connection)
        return super().as_sql(compiler, connection)


@MarkField.register_lookup
class AnyFormOf(In):
    """`in`, in every form of each."""

    def get_prep_lookup(self) -> Any:
        if hasattr(self.rhs, "resolve_expression"):
            return super().get_prep_lookup()
        return [form for value in self.rhs for form in _field(self).forms(value)]


def _field(lookup: Any) -> MarkField[Any, Any]:
    return cast(MarkField[Any, Any], lookup.lhs.output_field)
