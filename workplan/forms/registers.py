"""Forms around registers: one entry, and a table of entries."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.once import OnceForm
from core.sheet_forms import ColumnsForm
from directory.models import Organisation, Place, User
from workplan.actions.register_files import LIMITS
from workplan.focus import focus_area
from workplan.forms.evidence import DocumentField
from workplan.models import Plan, RegisterEntry
from workplan.registers.columns import columns_of
from workplan.registers.fields import Choice, Field, Number, Text, YesNo
from workplan.registers.given import Given, sorted_out
from workplan.registers.kinds import Register

YES_NO = (("oui", gettext_lazy("oui")), ("non", gettext_lazy("non")))
DAY = {"type": "date"}


class EntryForm(OnceForm):
    """One entry: what every register asks, then what its own kind does."""

    day = forms.DateField(widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    until = forms.DateField(widget=forms.DateInput(DAY, format="%Y-%m-%d"), required=False)
    line = forms.CharField(max_length=300)
    place = forms.ModelChoiceField(
        Place.objects.select_related("parent"),
        label=gettext_lazy("Lieu"),
        required=False,
        empty_label=gettext_lazy("Tout le pays, ou aucun lieu"),
    )
    about_focus = forms.ChoiceField(required=False)
    organisation = forms.ModelChoiceField(
        Organisation.objects.active(), label=gettext_lazy("Organisation concernée"), required=False
    )
    link = forms.URLField(
        label=gettext_lazy("Lien : compte rendu, document"), required=False, max_length=500, assume_scheme="https"
    )
    follows = forms.ModelChoiceField(RegisterEntry.objects.none(), required=False)
    file = DocumentField(label=gettext_lazy("Un fichier : photo ou PDF, 8 Mo au plus"))
    about_nobody = forms.BooleanField(
        label=gettext_lazy("Ce texte ne parle d’aucun cas ni d’aucune personne"), required=False
    )

    # Set once what was typed may tell of a case: only then is the writer asked.
    asks_about_nobody = False

    def __init__(
        self, *args: Any, register: Register, plan: Plan, user: User, entry: RegisterEntry | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", _initial(entry) if entry else {})
        super().__init__(*args, **kwargs)
        self.register = register
        made: Any = self.fields
        made["day"].label, made["line"].label = register.day_label, register.line_label
        made["about_focus"].choices = [("", _("comme le dit son lieu")), *YES_NO]
        made["about_focus"].label = _("Porte sur : %(area)s") % {"area": focus_area()}
        made["until"].label = register.until_label
        if not register.until_label:
            del made["until"]
        if register.follows:
            rows = RegisterEntry.objects.visible_to(user).living().filter(plan=plan, kind__in=register.follows)
            made["follows"].queryset, made["follows"].label = rows, register.follows_label
        else:
            del made["follows"]
        self.own = [f"fact_{field.name}" for field in register.fields]
        for field in register.fields:
            made[f"fact_{field.name}"] = _field_of(field)

    @property
    def asked(self) -> list[forms.BoundField]:
        """In the order in which people say it; the file and the question about nobody stand apart."""
        first = [name for name in ("day", "until", "line") if name in self.fields]
        last = [n for n in ("place", "about_focus", "organisation", "follows", "link", "file") if n in self.fields]
        return [self[name] for name in (*first, *self.own, *last)]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        names = {field.name: said.get(f"fact_{field.name}") for field in self.register.fields}
        self.facts, self.words, wrong = sorted_out(self.register, names)
        for name in wrong:
            if f"fact_{name}" not in self.errors:
                self.add_error(f"fact_{name}", _("Ce champ est à remplir."))
        return said

    def given(self) -> Given:
        """The entry as it was typed; call after `is_valid`."""
        said = self.cleaned_data
        return Given(
            day=said["day"],
            until=said.get("until"),
            line=said["line"],
            place=said["place"],
            about_focus={"oui": True, "non": False}.get(said["about_focus"]),
            organisation=said["organisation"],
            link=said["link"],
            facts=self.facts,
            words=self.words,
        )

    @property
    def follows_pk(self) -> uuid.UUID | None:
        found = self.cleaned_data.get("follows")
        return found.pk if found else None

    @property
    def file_name(self) -> str:
        """The name of the chosen file; "" when there is none."""
        chosen: Any = self.files.get("file")
        return str(chosen.name or "") if chosen and self.cleaned_data["file"] else ""


class TableForm(OnceForm):
    """A table of entries: a file, or what was copied from a spreadsheet."""

    file = forms.FileField(
        label=gettext_lazy("Un fichier CSV ou XLSX"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Ou collez ici les lignes copiées d’un tableur"),
        help_text=gettext_lazy("Avec la ligne qui nomme les colonnes."),
        widget=forms.Textarea({"rows": 6}),
        required=False,
        strip=False,
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        file, pasted = said.get("file"), str(said.get("pasted") or "").strip()
        if bool(file) == bool(pasted):
            self.add_error("pasted", _("Choisissez un fichier, ou collez des lignes : l’un des deux."))
        elif file and file.size > LIMITS.bytes:
            self.add_error("file", _("Ce fichier est trop lourd : partagez-le en plusieurs."))
        return said

    def content(self) -> bytes:
        """The bytes of the table; call after `is_valid`."""
        file = self.cleaned_data["file"]
        return bytes(file.read()) if file else str(self.cleaned_data["pasted"]).strip("\r\n").encode()


def columns_form(register: Register) -> type[ColumnsForm]:
    """The form that says which column of a table holds each thing that this register asks."""
    made: Any = TextChoices
    members = [(name.upper(), (name, label)) for name, label in columns_of(register)]
    return type("RegisterColumnsForm", (ColumnsForm,), {"kinds": made("RegisterColumn", members)})


def _field_of(field: Field) -> forms.Field:
    common: dict[str, Any] = {"label": field.label, "required": field.is_required, "help_text": field.help}
    if isinstance(field, Choice):
        return forms.ChoiceField(choices=[("", _blank(field)), *field.choices.items()], **common)
    if isinstance(field, YesNo):
        return forms.ChoiceField(choices=[("", _blank(field)), *YES_NO], **common)
    if isinstance(field, Number):
        return forms.IntegerField(min_value=0, **common)
    most = field.most if isinstance(field, Text) else 200
    widget = forms.Textarea({"rows": 3}) if most > 300 else forms.TextInput
    return forms.CharField(max_length=most, widget=widget, **common)


def _blank(field: Field) -> str:
    """What leaving it means."""
    return _("Choisissez") if field.is_required else _("non précisé")


def _initial(entry: RegisterEntry) -> dict[str, Any]:
    told = entry.told
    own = {f"fact_{field.name}": _typed(entry.facts.get(field.name)) for field in entry.register.facts}
    own |= {f"fact_{field.name}": told.get(field.name, "") for field in entry.register.texts}
    said = {name: getattr(entry, name) for name in ("day", "until", "line", "place", "organisation", "link", "follows")}
    return {**said, "about_focus": _typed(entry.about_focus), **own}


def _typed(value: Any) -> Any:
    return {True: "oui", False: "non"}[value] if isinstance(value, bool) else ("" if value is None else value)
