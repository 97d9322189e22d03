"""Forms of the lines: what every line has, then what its kind must be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.carrier_http import is_callable_address
from core.gateways import Field, Kind, from_environment
from core.http_gateway import networks
from core.models import Line
from core.phones import normalise
from core.twilio.templates import unreadable_in
from feedback.actions.lines import LineSaid

SAID = "said_"
LONGEST = 500


class LineForm(forms.Form):
    """One line. `line` is None for a new one. Secrets are written, never shown."""

    label = forms.CharField(
        label=gettext_lazy("Nom"), max_length=60, help_text=gettext_lazy("Par exemple : « Orange, Gao »")
    )
    name = forms.CharField(
        label=gettext_lazy("Nom dans l’adresse"),
        max_length=20,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9\-]{1,19}$", gettext_lazy("Des minuscules, chiffres et tirets."))],
        help_text=gettext_lazy("Ne change plus ensuite : la passerelle écrit à cette adresse."),
    )
    number = forms.CharField(
        label=gettext_lazy("Numéro ou nom d’expéditeur"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("Celui que les gens composent."),
    )

    def __init__(self, *args: Any, kind: Kind, line: Line | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.line = kind, line
        self.known = set(line.secrets()) if line is not None else set()
        if line is not None:
            del self.fields["name"]
            self.initial.update(label=line.label, number=line.number)
        for one in kind.fields:
            self.fields[SAID + one.name] = self._asked(one)

    def _asked(self, one: Field) -> forms.Field:
        known = one.name in self.known
        help_text = _("Déjà enregistré. Vide : inchangé.") if known else one.help
        required = one.is_required and not known
        initial = self.line.said.get(one.name, "") if self.line is not None else one.default
        common: dict[str, Any] = {"label": one.label, "help_text": help_text, "required": required}
        if one.choices:
            return forms.ChoiceField(choices=one.choices, initial=initial, **common)
        widget: forms.Widget = forms.Textarea(attrs={"rows": 3}) if one.is_long else forms.TextInput()
        if one.is_secret:
            widget, initial = forms.PasswordInput(attrs={"autocomplete": "new-password"}), ""
        return forms.CharField(max_length=LONGEST, initial=initial, widget=widget, **common)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if name in {"new", *from_environment()} or Line.objects.filter(name=name).exists():
            raise ValidationError(_("Une autre ligne porte déjà ce nom."))
        return name

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        other = self.kind.number_unless
        if other is not None and not said.get("number") and not said.get(SAID + other):
            self.add_error("number", _("Il faut un numéro pour que cette ligne puisse écrire."))
        if (said.get(f"{SAID}in_method"), said.get(f"{SAID}proof")) == ("get", "hmac"):
            self.add_error(f"{SAID}in_method", _("Par GET, il n’y a pas de corps à signer : choisissez un secret."))
        for one in self.kind.fields:
            value = str(said.get(SAID + one.name) or "")
            if one.name.endswith("url") and value and not is_callable_address(value):
                self.add_error(SAID + one.name, _("Une adresse qui commence par http:// ou https://."))
            if one.name == "addresses" and networks(value):
                self.add_error(SAID + one.name, _("Ce ne sont pas des adresses IP : %s") % " ".join(networks(value)))
            if one.name == "templates" and (wrong := unreadable_in(value)):
                self.add_error(SAID + one.name, _("Ce n’est pas un nom, puis un identifiant HX… : %s") % wrong[0])
        return said

    @property
    def about(self) -> LineSaid:
        """What was typed, once it is valid."""
        typed = {one: str(self.cleaned_data[SAID + one.name]).strip() for one in self.kind.fields}
        return LineSaid(
            label=self.cleaned_data["label"],
            number=self.cleaned_data["number"],
            said={one.name: value for one, value in typed.items() if value and not one.is_secret},
            secrets={one.name: value for one, value in typed.items() if value and one.is_secret},
        )


class TrialForm(forms.Form):
    """A telephone of somebody who waits for the test."""

    phone = forms.CharField(
        label=gettext_lazy("Numéro de téléphone"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        help_text=gettext_lazy("Le vôtre, par exemple. Il n’est gardé nulle part."),
    )

    def clean_phone(self) -> str:
        phone = normalise(self.cleaned_data["phone"])
        if phone is None:
            raise ValidationError(_("Écrivez un numéro de téléphone complet."))
        return phone
