from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from directory.enums import RestrictedKind, Sector
from directory.implicated import Implicated
from directory.models import Office, Organisation, User
from feedback.actions.entry import Decision
from feedback.actions.triage import Sorting
from feedback.enums import SafeContact, SafetyAnswer
from feedback.forms.choices import CategoryField, PlaceField, neutral, offer_places
from feedback.models import Case

ABOUT = (
    "priority",
    "concerned",
    "place",
    "sector",
    "sex",
    "age_group",
    "disability",
    "population_status",
    "language",
    "safe_contact",
    "sms_may_be_read",
    "objects_to_sharing",
)


class Danger(TextChoices):
    """What a "yes" to the first question is about; each goes its own way."""

    SEA = "sea", _("Exploitation ou abus sexuel par une personne qui apporte de l’aide (EAS)")
    GBV = "gbv", _("Violence basée sur le genre (VBG), auteur non humanitaire")
    CHILD = "child", _("Enfant en danger")


class TriageForm(forms.ModelForm[Case]):
    """The safety question first; the rest is asked of those who answered no."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    safety = forms.ChoiceField(
        label=_("EAS, VBG ou enfant en danger ?"),
        choices=SafetyAnswer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Répondez d’abord : oui, non ou je ne sais pas.")},
        help_text=_("« Oui » et « Je ne sais pas » partent chez des personnes formées. N’en demandez pas plus."),
    )
    danger = forms.ChoiceField(
        label=_("Si oui, de quoi s’agit-il ?"), choices=Danger.choices, widget=forms.RadioSelect, required=False
    )
    category = CategoryField(required=False)
    restricted_kind = forms.ChoiceField(
        label=_("Restreindre à"),
        choices=[("", _("ce que prévoit la catégorie")), *RestrictedKind.choices],
        required=False,
        help_text=_("On peut restreindre plus que la catégorie, jamais moins."),
    )
    place = PlaceField()
    sector = forms.ChoiceField(label=_("Secteur"), choices=[("", _("Non précisé")), *Sector.choices], required=False)
    implicated_organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.active(), label=_("Organisations mises en cause"), required=False
    )
    implicated_offices = forms.ModelMultipleChoiceField(
        Office.objects.filter(is_active=True).select_related("organisation"),
        label=_("Bureaux mis en cause"),
        required=False,
    )
    implicated_users = forms.ModelMultipleChoiceField(
        User.objects.active(), label=_("Personnes mises en cause"), required=False
    )

    class Meta:
        model = Case
        fields = ["category", "summary", *ABOUT]
        labels = {
            "summary": _("Résumé neutre, une ligne"),
            "safe_contact": _("Moyen sûr de la joindre, si elle l’a dit"),
            "sms_may_be_read": _("La réponse par SMS peut être lue par d’autres"),
            "objects_to_sharing": _("La personne ne veut pas que sa demande soit transmise"),
        }
        help_texts = {
            "summary": _("Sans nom ni numéro, sans détail qui désigne quelqu’un. Seule cette ligne se recherche."),
            "sms_may_be_read": _(
                "Avec « SMS » comme moyen sûr. Sinon, elle reçoit « SUIVI » et son numéro, sans les mots de la réponse."
            ),
        }
        widgets = {"summary": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self.fields.values())
        self.fields["seen"].initial = self.instance.state
        for name in ("summary", "priority", "safe_contact"):
            self.fields[name].required = False
        concerned = self.fields["concerned"]
        concerned.queryset = Organisation.objects.active()  # type: ignore[attr-defined]  # a ModelChoiceField
        concerned.empty_label = _("On ne sait pas")  # type: ignore[attr-defined]
        rows = list(self.instance.implicated_rows.all())
        for name, key in (("organisations", "organisation_id"), ("offices", "office_id"), ("users", "user_id")):
            self.fields[f"implicated_{name}"].initial = [getattr(row, key) for row in rows if getattr(row, key)]

    def clean_safe_contact(self) -> str:
        """A page that did not ask changes nothing."""
        return self.cleaned_data["safe_contact"] or str(self.initial.get("safe_contact", SafeContact.NONE))

    def clean_summary(self) -> str:
        summary: str = self.cleaned_data["summary"].strip()
        neutral(summary)
        return summary

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        safety = cleaned.get("safety")
        if safety == SafetyAnswer.YES and not cleaned.get("danger"):
            self.add_error("danger", _("Choisissez : le chemin n’est pas le même."))
        if safety == SafetyAnswer.NO:
            self._ask(cleaned, "category", _("Choisissez une catégorie."))
            self._ask(cleaned, "summary", _("Écrivez un résumé neutre d’une ligne."))
        elif "summary" in self.errors:
            del self.errors["summary"]  # nothing of it is kept
        return cleaned

    def _post_clean(self) -> None:
        """The case is changed by the action alone: the form writes nothing into its instance."""

    @property
    def way(self) -> str:
        """Where a valid form leads: `vault`, `gbv`, `child` or `sort`."""
        safety = self.cleaned_data["safety"]
        if safety == SafetyAnswer.NO:
            return "sort"
        danger = self.cleaned_data["danger"]
        return "vault" if safety == SafetyAnswer.UNSURE or danger == Danger.SEA else str(danger)

    def sorting(self) -> Sorting:
        """The decision, for `feedback.actions.triage`."""
        data = self.cleaned_data
        return Sorting(
            category=data["category"],
            summary=data["summary"],
            restricted_kind=data["restricted_kind"],
            implicated=Implicated(
                organisations=frozenset(row.pk for row in data["implicated_organisations"]),
                offices=frozenset(row.pk for row in data["implicated_offices"]),
                users=frozenset(row.pk for row in data["implicated_users"]),
            ),
            about={name: data[name] for name in ABOUT if name in data and (name != "priority" or data[name])},
        )

    def _ask(self, cleaned: dict[str, Any], name: str, sentence: Any) -> None:
        if not cleaned.get(name) and name not in self.errors:
            self.add_error(name, sentence)


class AtOnceForm(TriageForm):
    """Sorting in the same go as typing in: what the entry asks already is not asked twice."""

    ASKED_BY_THE_ENTRY = (
        "place", "concerned", "sex", "age_group", "disability", "population_status", "language",
        "safe_contact", "sms_may_be_read", "objects_to_sharing", "seen",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, instance=Case(), **kwargs)
        for name in self.ASKED_BY_THE_ENTRY:
            del self.fields[name]

    def decision(self) -> Decision:
        """What `feedback.actions.enter_sorted` takes, from a valid form."""
        return Decision(self.way, self.sorting() if self.way == "sort" else None)
