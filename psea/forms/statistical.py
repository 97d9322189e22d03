"""What the common reports count of a case: codes and numbers, each of them optional."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psea.actions.routing import MAX_SURVIVORS
from psea.statistical import Allegation, AuthorKind, AuthorSex, Measure, Statistical, Victim

NOT_SAID = ("", _("non précisé"))


def _choice(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[NOT_SAID, *choices])


class StatisticsForm(forms.Form):
    allegation = _choice(_("Type"), Allegation.choices)
    author_kind = _choice(_("Pour qui travaille l’auteur présumé"), AuthorKind.choices)
    measure = _choice(_("Ce que l’entité a fait"), Measure.choices)

    def __init__(self, *args: Any, statistical: Statistical, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "allegation": statistical.allegation,
            "author_kind": statistical.author_kind,
            "measure": statistical.measure,
            **{f"victims_{code}": number for code, number in statistical.victims.items()},
            **{f"authors_{code}": number for code, number in statistical.authors.items()},
        }
        super().__init__(*args, **kwargs)
        for part, kinds in (("victims", Victim), ("authors", AuthorSex)):
            for kind in kinds:
                self.fields[f"{part}_{kind.value}"] = forms.IntegerField(
                    label=kind.label, required=False, min_value=0, max_value=MAX_SURVIVORS
                )

    def codes(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in ("allegation", "author_kind", "measure"))

    def victims(self) -> Iterator[forms.BoundField]:
        return (self[f"victims_{kind.value}"] for kind in Victim)

    def authors(self) -> Iterator[forms.BoundField]:
        return (self[f"authors_{kind.value}"] for kind in AuthorSex)

    def statistical(self) -> Statistical:
        """What was said; call after `is_valid`."""
        said = self.cleaned_data
        counts = {
            part: {kind.value: said[f"{part}_{kind.value}"] for kind in kinds if said[f"{part}_{kind.value}"]}
            for part, kinds in (("victims", Victim), ("authors", AuthorSex))
        }
        return Statistical(
            allegation=said["allegation"], author_kind=said["author_kind"], measure=said["measure"], **counts
        )
