"""What people fill in: no account, nothing compulsory but the words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.once import OnceForm
from core.phones import normalise
from core.receipt_number import digits_of, is_well_formed
from directory.models import Organisation, Place
from feedback.enums import DataWish, SafeContact, Settled
from feedback.forms.attached import WithFiles

LONGEST = 20_000
LONGEST_CONTACT = 200
TOO_LONG = _("C'est trop long pour une seule fois : envoyez la suite dans un second message.")


class Listener(TextChoices):
    """The delicate choice: whom the person would rather speak with."""

    NONE = "", _("Ce n'est pas délicat")
    WOMAN = "woman", _("C'est délicat : je veux parler avec une femme formée")
    MAN = "man", _("C'est délicat : je veux parler avec un homme formé")
    ANYONE = "anyone", _("C'est délicat : avec une personne formée, femme ou homme")


class WordsField(forms.CharField):
    """Free text as people type it: no sign of it is refused."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(str(value).replace("\x00", " "))) if value else ""


def places() -> list[tuple[str, Any]]:
    """Region by region, its cercles, by P-code; and the region itself for who knows no more."""
    choices: list[tuple[str, Any]] = [("", _("Je ne sais pas, ou je préfère ne pas le dire"))]
    for region in Place.objects.regions().prefetch_related("children"):
        cercles = [(cercle.pcode, cercle.name) for cercle in region.children.all()]
        whole = (region.pcode, _("%(region)s, sans préciser") % {"region": region.name})
        choices.append((region.name, [whole, *cercles]))
    return choices


class ReachForm(WithFiles, OnceForm):
    """The words, the place, and how the person can safely be reached: what every public door asks."""

    words = WordsField(
        label=_("Dites ce que vous voulez"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        error_messages={
            "required": _("Écrivez ce que vous voulez dire, même en peu de mots, ou joignez un message vocal."),
            "max_length": TOO_LONG,
        },
    )
    place = forms.ChoiceField(label=_("Où cela se passe-t-il ?"), required=False)
    place_said = WordsField(label=_("Ou écrivez le nom du lieu"), max_length=LONGEST_CONTACT, required=False)
    concerned = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Quelle organisation cela concerne-t-il ?"),
        required=False,
        empty_label=_("Je ne sais pas"),
    )
    safe_contact = forms.ChoiceField(
        label=_("Comment vous joindre sans danger ?"),
        required=False,
        initial=SafeContact.NONE,
        widget=forms.RadioSelect,
        choices=[
            (SafeContact.NONE, _("Ne me joignez pas : je viendrai voir avec mon numéro")),
            (SafeContact.SMS, _("Par SMS, sans dire de quoi il s'agit")),
            (SafeContact.CALL, _("Par téléphone")),
            (SafeContact.RELAY, _("Par une personne en qui j'ai confiance")),
        ],
    )
    contact = WordsField(
        label=_("Numéro de téléphone, ou nom de la personne de confiance"),
        max_length=LONGEST_CONTACT,
        required=False,
        help_text=_("Seulement si vous avez choisi un moyen de vous joindre."),
    )
    wants_thread = forms.BooleanField(
        label=_("Je veux aussi un code secret, pour pouvoir échanger ici avec l'équipe"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "place").choices = places()
        _choices(self, "concerned").queryset = Organisation.objects.active()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        way, contact = cleaned.get("safe_contact") or SafeContact.NONE, cleaned.get("contact", "")
        if way in (SafeContact.SMS, SafeContact.CALL) and normalise(contact) is None:
            self.add_error("contact", _("Écrivez un numéro de téléphone complet, ou choisissez un autre moyen."))
        if way == SafeContact.RELAY and not contact.strip():
            self.add_error("contact", _("Écrivez comment joindre cette personne, ou choisissez un autre moyen."))
        self.ask_again_for_files()
        return cleaned

    @property
    def phone(self) -> str:
        """The number (E.164) the person gave to be reached at; "" otherwise."""
        by_phone = self.cleaned_data["safe_contact"] in (SafeContact.SMS, SafeContact.CALL)
        return (normalise(self.cleaned_data["contact"]) or "") if by_phone else ""

    @property
    def way_to_reach(self) -> str:
        """What the person wrote to be reached by; "" when they chose not to be, whatever was typed before."""
        wants_none = self.cleaned_data["safe_contact"] in ("", SafeContact.NONE)
        return "" if wants_none else str(self.cleaned_data["contact"])

    @property
    def found_place(self) -> Place | None:
        return Place.objects.filter(pcode=self.cleaned_data["place"]).first()

    @property
    def wanted_listener(self) -> str:
        """Whom the person would rather speak with, in words for those who listen; "" if they did not say."""
        chosen = self.cleaned_data.get("listener", "")
        with override(settings.LANGUAGE_CODE):
            return str(Listener(chosen).label) if chosen else ""


class SpeakForm(ReachForm):
    """`/parler/`: anyone."""

    listener = forms.ChoiceField(
        label=_("Est-ce délicat ?"),
        required=False,
        initial=Listener.NONE,
        widget=forms.RadioSelect,
        choices=Listener.choices,
    )

    field_order = [
        "words", "voice", "picture", "place", "place_said", "concerned", "listener", "safe_contact", "contact",
        "wants_thread",
    ]  # fmt: skip


class WorkerForm(ReachForm):
    """« Je travaille pour une organisation »: what they suspect or know goes straight to the vault."""

    retaliation = forms.BooleanField(
        label=_("Je crains des représailles"),
        required=False,
        help_text=_("Les personnes de garde le sauront avant de faire quoi que ce soit."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _("Ce que vous savez, ou ce que vous soupçonnez")
        self.fields["concerned"].label = _("Pour quelle organisation travaille la personne mise en cause ?")


class FollowForm(forms.Form):
    """`/suivi/`: the number, and the code if there is one."""

    number = forms.CharField(
        label=_("Votre numéro"),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("12 chiffres, en trois groupes."),
        error_messages={"required": _("Écrivez votre numéro : 12 chiffres.")},
    )
    code = forms.CharField(
        label=_("Votre code secret, si vous en avez un"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("6 chiffres."),
    )

    def clean_number(self) -> str:
        number = digits_of(self.cleaned_data["number"])
        if not is_well_formed(number):
            raise forms.ValidationError(
                _("Il y a une petite erreur dans ce numéro. Relisez les 12 chiffres un par un, sans vous presser.")
            )
        return number

    def clean_code(self) -> str:
        return digits_of(self.cleaned_data["code"])


class AddForm(WithFiles, OnceForm):
    """Something more, on a message that was already sent."""

    WORDS = "more"

    more = WordsField(
        label=_("Ajouter quelque chose"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={
            "required": _("Écrivez ce que vous voulez ajouter."),
            "max_length": TOO_LONG,
        },
    )


class SettledForm(forms.Form):
    """Did the answer settle it?"""

    settled = forms.ChoiceField(
        label=_("Est-ce réglé ?"),
        choices=[(Settled.YES, _("Oui")), (Settled.PARTLY, _("En partie")), (Settled.NO, _("Non"))],
    )


class WishForm(OnceForm):
    """To see, correct or erase what was said under this number."""

    wish = forms.ChoiceField(
        label=_("Que voulez-vous ?"),
        widget=forms.RadioSelect,
        choices=DataWish.choices,
        error_messages={"required": _("Choisissez ce que vous voulez.")},
    )
    wish_words = WordsField(
        label=_("Ce qu’il faut corriger, ou ce que vous voulez ajouter"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"max_length": TOO_LONG},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("wish") == DataWish.CORRECT and not cleaned.get("wish_words"):
            self.add_error("wish_words", _("Écrivez ce qu’il faut corriger."))
        return cleaned


def _choices(form: forms.Form, name: str) -> Any:
    """A field whose choices are filled in from the database, form by form."""
    return form.fields[name]
