from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.phones import normalise
from directory.actions.turnover import needs_successor, successors_of
from directory.models import Office, Organisation, Place, User
from directory.notices import whatsapp_is_ready
from directory.permissions import organisations_kept_by, roles_given_by
from directory.roles import Role

NO_DEPUTY = _("Choisissez une personne de la même organisation, présente, et qui a les mêmes rôles.")
ACCOUNTS = [("", _("Tous")), ("open", _("ouvert")), ("closed", _("fermé"))]


class DeputyField(forms.ModelChoiceField[User]):
    """Who stands in for somebody: whoever can take over from them, and whoever is named already, able or not."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid_choice": NO_DEPUTY}
    able: Collection[int] = ()

    def offer_to(self, person: User) -> None:
        able = successors_of(person).order_by()
        self.able = set(able.values_list("pk", flat=True))
        self.queryset = User.objects.filter(Q(pk__in=self.able) | Q(pk=person.deputy_id)).exclude(pk=person.pk)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj if obj.pk in self.able else _("%(name)s (ne peut pas prendre la suite)") % {"name": obj})


class PeopleFilter(forms.Form):
    """Who is looked for among the people one keeps: everything optional, from the address."""

    q = forms.CharField(label=_("Nom"), required=False, widget=forms.TextInput(attrs={"data-search": ""}))
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), required=False, empty_label=_("Toutes")
    )
    role = forms.ChoiceField(label=_("Rôle"), choices=[("", _("Tous")), *Role.choices], required=False)
    account = forms.ChoiceField(label=_("Compte"), choices=ACCOUNTS, required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisations: Any = self.fields["organisation"]
        organisations.queryset = organisations_kept_by(by)

    def found(self, people: QuerySet[User]) -> QuerySet[User]:
        """Those that answer; a value that the form does not know asks for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("q"):
            people = people.filter(Q(name__icontains=asked["q"]) | Q(email__icontains=asked["q"]))
        if asked.get("organisation"):
            people = people.filter(organisation=asked["organisation"])
        if asked.get("role"):
            people = people.filter(role_rows__role=asked["role"])
        if asked.get("account"):
            people = people.filter(**{"open": {"is_active": True}, "closed": {"is_active": False}}[asked["account"]])
        return people


class InvitationForm(forms.Form):
    """Who joins, for which organisation, to do what."""

    name = forms.CharField(label=_("Nom"), max_length=120)
    email = forms.EmailField(label=_("Adresse électronique"))
    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    roles = forms.MultipleChoiceField(label=_("Rôles"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisations: Any = self.fields["organisation"]
        organisations.queryset = organisations_kept_by(by)
        organisations.initial = by.organisation_id
        roles: Any = self.fields["roles"]
        roles.choices = [(role.value, role.label) for role in roles_given_by(by)]


class PersonForm(forms.Form):
    """What can change in somebody's account."""

    roles = forms.MultipleChoiceField(label=_("Rôles"), widget=forms.CheckboxSelectMultiple, required=False)
    office = forms.ModelChoiceField(label=_("Bureau"), queryset=Office.objects.none(), required=False)
    deputy = DeputyField(
        label=_("Suppléance"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Reçoit les avis en cas d'absence ou de départ."),
    )
    places = forms.ModelMultipleChoiceField(
        label=_("Régions suivies"),
        queryset=Place.objects.regions(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Aucune coche : tout le pays."),
    )

    def __init__(self, *args: Any, person: User, by: User, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "roles": [role.value for role in person.roles],
            "office": person.office_id,
            "deputy": person.deputy_id,
            "places": person.place_scope.all(),
        }
        super().__init__(*args, **kwargs)
        given = {*roles_given_by(by), *person.roles}
        roles: Any = self.fields["roles"]
        roles.choices = [(role.value, role.label) for role in Role if role in given]
        office: Any = self.fields["office"]
        office.queryset = person.organisation.offices.filter(Q(is_active=True) | Q(pk=person.office_id))
        self.person = person
        deputy: Any = self.fields["deputy"]
        deputy.offer_to(person)

    def clean(self) -> dict[str, Any]:
        """A deputy who is named now can act in the roles that are given now."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        deputy, roles = said.get("deputy"), said.get("roles")
        if deputy is None or roles is None or deputy.pk == self.person.deputy_id:
            return said
        if not successors_of(self.person, [Role(role) for role in roles]).filter(pk=deputy.pk).exists():
            self.add_error("deputy", NO_DEPUTY)
        return said


class ProfileForm(forms.ModelForm[User]):
    """What everyone sets for themselves."""

    phone = forms.CharField(
        label=_("Téléphone pour les avis"),
        help_text=_("Seulement pour ces avis. Avec l’indicatif, ou comme on le compose dans le pays."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    class Meta:
        model = User
        fields = ["language", "deputy", "notices_by", "phone", "notices_pace"]
        field_classes = {"deputy": DeputyField}
        help_texts = {
            "notices_by": _("Un avis dit seulement que quelque chose vous attend, jamais quoi."),
            "notices_pace": _("Ce qui est urgent vient toujours tout de suite."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deputy: Any = self.fields["deputy"]
        deputy.offer_to(self.instance)
        if not whatsapp_is_ready(self.instance.language):
            says = self.fields["notices_by"].help_text
            self.fields["notices_by"].help_text = format_lazy(
                "{} {}", says, _("WhatsApp n’est pas encore réglé ici : ces avis viendront par SMS.")
            )

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"].strip()
        number = normalise(typed) if typed else ""
        if number is None:
            raise forms.ValidationError(_("Ce numéro de téléphone n’est pas complet."))
        return number


class DepartureForm(forms.Form):
    """Who takes over from somebody who leaves."""

    successor = forms.ModelChoiceField(
        label=_("Qui prend la suite"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Une personne de la même organisation, avec les mêmes rôles."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        successor: Any = self.fields["successor"]
        successor.queryset = successors_of(person)
        successor.initial = person.deputy_id
        successor.empty_label = _("choisir…") if needs_successor(person) else _("personne : rien ne l’attend")
