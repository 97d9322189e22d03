"""Forms for what surrounds a case: who is implicated, news of the entity, a hold, a report handed over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.once import OnceForm
from core.phones import normalise
from directory.implicated import Implicated
from directory.models import Office, Organisation, User
from directory.roles import IN_VAULT
from psea.enums import Heard, Known
from psea.forms.fields import check_incident, choose, day_field, organisation_choices, place_choices, time_field

MANY = forms.CheckboxSelectMultiple


class ChaseForm(forms.Form):
    heard = forms.TypedChoiceField(
        label=_("Ce que l’entité a répondu"), choices=Heard.choices, coerce=Heard, widget=forms.RadioSelect
    )


class HoldForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi rien ne doit être détruit"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Scellé. Sans nom ni récit."),
    )


class ImplicatedForm(forms.Form):
    """People and offices of Jaabi only: whoever is not here needs no barring."""

    users = forms.TypedMultipleChoiceField(
        label=_("Personnes habilitées"), coerce=int, required=False, choices=(), widget=MANY
    )
    offices = forms.TypedMultipleChoiceField(label=_("Bureaux"), coerce=int, required=False, choices=(), widget=MANY)
    organisations = forms.TypedMultipleChoiceField(
        label=_("Organisations dont personne de garde ne doit le lire"),
        coerce=int,
        required=False,
        choices=(),
        widget=MANY,
    )
    is_head = forms.BooleanField(
        label=_("La direction de l’entité concernée est mise en cause : sa fonction d’enquête, elle seule"),
        required=False,
    )

    def __init__(self, *args: Any, entity: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.with_role(*IN_VAULT).select_related("organisation").order_by("organisation__acronym")
        choose(self, "users", [(row.pk, f"{row} ({row.organisation})") for row in people])
        choose(self, "offices", [(row.pk, str(row)) for row in Office.objects.filter(organisation=entity)])
        named = Organisation.objects.filter(people__in=people).distinct()
        choose(self, "organisations", [(row.pk, str(row)) for row in named])
        if entity is None:
            del self.fields["is_head"], self.fields["offices"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.values()):
            raise forms.ValidationError(_("Cochez au moins une case."))
        return cleaned

    @property
    def implicated(self) -> Implicated:
        given = self.cleaned_data
        return Implicated(
            organisations=frozenset(given["organisations"]),
            offices=frozenset(given.get("offices", ())),
            users=frozenset(given["users"]),
        )


class HandCopyForm(forms.Form):
    """To whom a copy goes, what opens it, and one's own passphrase once more."""

    to_whom = forms.CharField(
        label=_("À qui, par sa fonction"), max_length=120, help_text=_("L’enquêteur ou l’enquêtrice de l’entité.")
    )
    public_key = forms.CharField(
        label=_("Sa clé publique age"), max_length=120, required=False, help_text=_("Elle commence par « age1 ».")
    )
    passphrase = forms.CharField(
        label=_("Ou une phrase de passe convenue de vive voix"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Sept mots tirés au sort. Jamais par le même chemin que le fichier."),
    )
    own_passphrase = forms.CharField(
        label=_("Votre propre phrase de passe, encore une fois"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class HandedForm(OnceForm):
    """What another mechanism hands over: a hotline, a help desk, another agency's focal point."""

    words = forms.CharField(
        label=_("Ce qui a été rapporté"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Un soupçon suffit. Ni le nom de la personne survivante, ni celui des témoins, ni détail médical."),
    )
    handed_by = forms.TypedChoiceField(label=_("Remis par"), coerce=int, empty_value=None, required=False, choices=())
    their_reference = forms.CharField(label=_("Sa référence là-bas"), max_length=80, required=False)
    organisation_id = forms.TypedChoiceField(
        label=_("Entité concernée"), coerce=int, empty_value=None, required=False, choices=()
    )
    place_pcode = forms.ChoiceField(label=_("Cercle ou région"), required=False, choices=())
    incident_on = day_field(_("Date des faits, si elle est connue"), required=False)
    incident_time = time_field(_("Heure des faits, si elle est connue"))
    child = forms.ChoiceField(
        label=_("Un enfant est-il concerné ?"), choices=Known.choices, widget=forms.RadioSelect, initial=Known.UNKNOWN
    )
    danger = forms.ChoiceField(
        label=_("Le danger continue-t-il ?"), choices=Known.choices, widget=forms.RadioSelect, initial=Known.UNKNOWN
    )
    retaliation = forms.BooleanField(label=_("Qui le rapporte craint des représailles"), required=False)
    contact = forms.CharField(
        label=_("Comment la joindre sans danger"),
        max_length=200,
        required=False,
        help_text=_("Seulement si elle l’a voulu : un numéro, ou par qui passer."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "handed_by", organisation_choices())
        choose(self, "organisation_id", organisation_choices())
        choose(self, "place_pcode", place_choices())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_incident(self, cleaned)
        return cleaned

    def given(self) -> dict[str, Any]:
        """What `psea.actions.take_over` takes."""
        given = dict(self.cleaned_data)
        way = given.pop("contact")
        phone = normalise(way) or ""
        return given | {
            "child": Known(given["child"]),
            "danger": Known(given["danger"]),
            "retaliation": Known.YES if given["retaliation"] else Known.UNKNOWN,
            "phone": phone,
            "contact": "" if phone else way,
        }
