"""Forms of the library: an answer, and the same one in another language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.languages import named_languages
from feedback.forms.choices import PlaceField
from feedback.models import ReadyAnswer

WORDS = forms.Textarea(attrs={"rows": 4, "data-count": "#ready-segments", "maxlength": 1000, "dir": "auto"})
WORDS_HELP = gettext_lazy("Ce qui change d’une fois à l’autre se met entre accolades, comme {date} : on le complète.")


class ReadyAnswerForm(forms.ModelForm[ReadyAnswer]):
    """One answer; its variants follow its category and its place."""

    place = PlaceField(help_text=gettext_lazy("Vide : proposée partout."))

    class Meta:
        model = ReadyAnswer
        fields = ["title", "category", "place", "language", "words"]
        widgets = {"words": WORDS}
        help_texts = {
            "category": gettext_lazy("Vide : proposée pour toutes les catégories."),
            "words": WORDS_HELP,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.original_id is not None:
            for name in ("category", "place", "language"):
                del self.fields[name]
        else:
            self.fields["place"].offer()  # type: ignore[attr-defined]  # of PlaceField
            self.fields["language"].choices = named_languages()  # type: ignore[attr-defined]  # of a choice field


class VariantForm(forms.ModelForm[ReadyAnswer]):
    """The same answer in a language it does not have yet."""

    class Meta:
        model = ReadyAnswer
        fields = ["language", "title", "words"]
        widgets = {"words": WORDS}
        help_texts = {"words": WORDS_HELP}

    def __init__(self, *args: Any, original: ReadyAnswer, **kwargs: Any) -> None:
        kwargs["instance"] = ReadyAnswer(original=original, title=original.title)
        super().__init__(*args, **kwargs)
        self.taken = {original.language, *original.variants.values_list("language", flat=True)}
        left = [(code, label) for code, label in named_languages() if code not in self.taken]
        self.fields["language"].choices = left  # type: ignore[attr-defined]  # of a choice field

    def clean_language(self) -> str:
        language = str(self.cleaned_data["language"])
        if language in self.taken:
            raise ValidationError(_("Cette réponse existe déjà dans cette langue."))
        return language
