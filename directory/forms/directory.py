from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.credentials import ApiScope
from directory.enums import Sector, ServiceType
from directory.forms.places import PlacesField
from directory.languages import Language
from directory.models import Office, Organisation, PartnerLink, Place, Scope, Service, User
from directory.roles import Role


class DirectoryFilter(forms.Form):
    """What is looked for in the directory: everything optional, from the address."""

    q = forms.CharField(label=_("Organisation"), required=False, widget=forms.TextInput(attrs={"data-search": ""}))
    kind = forms.ChoiceField(label=_("Service"), required=False)
    sector = forms.ChoiceField(label=_("Secteur"), required=False)
    region = forms.ModelChoiceField(
        label=_("Région"),
        queryset=Place.objects.regions(),
        required=False,
        to_field_name="pcode",
        empty_label=_("Toutes"),
    )

    stale = forms.BooleanField(label=_("à confirmer"), required=False)
    ours = forms.BooleanField(label=_("de mon organisation"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("kind", ServiceType.choices), ("sector", Sector.choices)):
            field: Any = self.fields[name]
            field.choices = [("", _("Tous")), *choices]


class OrganisationForm(forms.ModelForm[Organisation]):
    """An agency keeps its names; what lets it in, and what the vault goes by, is noted by the administration alone."""

    NOTED = ("protocol_signed_on", "protocol_version", "psea_covered_by_duty", "has_investigation_unit", "is_active")

    class Meta:
        model = Organisation
        fields = [
            "name",
            "acronym",
            "kind",
            "protocol_signed_on",
            "protocol_version",
            "psea_covered_by_duty",
            "has_investigation_unit",
            "is_active",
        ]
        widgets = {"protocol_signed_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by.has_role(Role.ADMINISTRATOR):
            for name in self.NOTED:
                del self.fields[name]


class OfficeForm(forms.ModelForm[Office]):
    class Meta:
        model = Office
        fields = ["name", "place", "covers", "is_active"]
        field_classes = {"covers": PlacesField}
        help_texts = {
            "covers": _("Les lieux dont ce bureau répond, en plus du sien : il y est proposé comme destinataire."),
            "is_active": _("Un bureau fermé n’est plus proposé ; ce qui lui a été envoyé lui reste."),
        }


class PartnerForm(forms.ModelForm[PartnerLink]):
    class Meta:
        model = PartnerLink
        fields = ["partner", "starts_on", "ends_on"]
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in ("starts_on", "ends_on")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partners: Any = self.fields["partner"]
        partners.queryset = Organisation.objects.active().exclude(pk=self.instance.agency_id)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        partner, starts_on = said.get("partner"), said.get("starts_on")
        if partner is not None and starts_on is not None:
            alike = PartnerLink.objects.filter(agency=self.instance.agency_id, partner=partner, starts_on=starts_on)
            if alike.exclude(pk=self.instance.pk).exists():
                raise forms.ValidationError(_("Ce lien existe déjà."))
        return said


class ServiceForm(forms.ModelForm[Service]):
    languages = forms.MultipleChoiceField(
        label=_("Langues"), choices=Language.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Service
        field_classes = {"places": PlacesField}
        labels = {"organisation": _("Organisation"), "office": _("Bureau")}
        fields = [
            "organisation",
            "office",
            "kind",
            "sector",
            "places",
            "eligibility",
            "directions",
            "hours",
            "languages",
            "contact_role",
            "deputy_role",
            "is_free",
            "is_accessible",
            "has_women_staff",
            "accepts_self_referral",
            "has_capacity",
            "capacity",
            "is_sensitive",
        ]

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["office"].queryset = Office.objects.filter(  # type: ignore[attr-defined]  # as above
            Q(is_active=True) | Q(pk=self.instance.office_id), organisation__in=organisations
        )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        office, organisation = said.get("office"), said.get("organisation")
        if office is not None and organisation is not None and office.organisation_id != organisation.pk:
            self.add_error("office", _("Ce bureau est d’une autre organisation."))
        if said.get("is_sensitive") and said.get("directions"):
            self.add_error("directions", _("D’un lieu confidentiel, on n’écrit pas où il est."))
        return said


class ScopeForm(forms.ModelForm[Scope]):
    class Meta:
        model = Scope
        fields = ["name", "definition", "places"]
        field_classes = {"places": PlacesField}
        widgets = {"definition": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["places"].queryset = Place.objects.cercles()  # type: ignore[attr-defined]  # a ModelChoiceField


class ClientForm(forms.Form):
    """A client that fetches its own tokens, for an organisation that whoever creates it keeps."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    name = forms.CharField(label=_("Nom du système"), max_length=80)
    scopes = forms.MultipleChoiceField(label=_("Droits"), choices=ApiScope.choices, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = organisations
        if len(organisations) == 1:
            field.initial = organisations[0]


class TokenForm(forms.Form):
    """A credential for an organisation's own system."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.active())
    name = forms.CharField(label=_("Nom du système"), max_length=80)
    scopes = forms.MultipleChoiceField(label=_("Droits"), choices=ApiScope.choices, widget=forms.CheckboxSelectMultiple)
