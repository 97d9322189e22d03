"""The developers' page that shows every component together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.templatetags.jaabi_words import SHAPES

BASES = {"staff": "base_staff.html", "public": "base_public.html", "vault": "base_vault.html"}


class SampleForm(forms.Form):
    """One field of each kind, to see their labels, help and errors."""

    place = forms.CharField(label=gettext_lazy("Lieu"), help_text=gettext_lazy("Village, quartier ou site"))
    region = forms.ChoiceField(
        label=gettext_lazy("Région"), choices=[("", "—"), ("ML07", "Gao"), ("ML09", "Ménaka")], required=False
    )
    said = forms.CharField(label=gettext_lazy("Ce qui a été dit"), widget=forms.Textarea(attrs={"rows": 3}))
    sex = forms.ChoiceField(
        label=gettext_lazy("Sexe"),
        widget=forms.RadioSelect,
        choices=[
            ("f", gettext_lazy("Femme")),
            ("m", gettext_lazy("Homme")),
            ("not_said", gettext_lazy("Non communiqué")),
        ],
    )
    agreed = forms.BooleanField(label=gettext_lazy("La personne est d’accord"))


class SampleFilters(forms.Form):
    """A list's filters."""

    q = forms.CharField(label=gettext_lazy("Chercher"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("État"),
        choices=[("", gettext_lazy("Tous")), ("late", gettext_lazy("En retard"))],
        required=False,
    )


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show every component with invented content; `?base=public` or `vault` shows it in those frames."""
    base = BASES.get(request.GET.get("base", ""), BASES["staff"])
    return render(request, "components/showcase.html", _sample() | {"base": base})


def _sample() -> dict[str, Any]:
    now = timezone.now()
    return {
        "tones": zip(SHAPES, _tone_words(), strict=True),
        "soon": now + timedelta(hours=5, minutes=2),
        "later": now + timedelta(days=9, hours=1),
        "missed": now - timedelta(hours=5, minutes=2),
        "ago": now - timedelta(days=3),
        "events": _events(),
        "pair": (31, 50),
        "pair_before": (27, 49),
        "nothing": (0, 0),
        "cells": _cells(),
        "step_names": [_("Sécurité"), _("Catégorie"), _("Destinataire"), _("Vérifier")],
        "page_obj": Paginator(range(312), 25).page(4),
        "form": SampleForm({"place": "", "said": _("Le forage est en panne"), "region": "ML07"}),
        "filter_form": SampleFilters(),
        "sms": _("Message reçu. Écrivez SUIVI et votre numéro pour savoir où il en est."),
        "words": _("Depuis deux semaines le forage ne marche plus.\n\nNous marchons une heure pour trouver de l’eau."),
    }


def _tone_words() -> list[str]:
    return [
        _("En attente"),
        _("En cours"),
        _("Répondu"),
        _("En retard"),
        _("Retiré"),
        _("Scellé"),
        _("Brouillon"),
        _("Sans objet"),
    ]


def _events() -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {"when": now - timedelta(days=4), "title": _("Message reçu par SMS"), "tone": "neutral", "icon": "sms"},
        {"when": now - timedelta(days=3), "title": _("Trié : eau, hygiène et assainissement"), "actor": "Aminata D."},
        {
            "when": now - timedelta(days=2),
            "title": _("Envoyé à NRC Gao"),
            "actor": "Aminata D.",
            "text": _("Réponse attendue sous dix jours ouvrés."),
            "tone": "active",
        },
        {
            "when": now - timedelta(hours=3),
            "title": _("Réponse donnée"),
            "actor": "Ibrahim M., NRC",
            "tone": "done",
            "badge": _("Répondu"),
            "words": _("Une équipe répare le forage jeudi."),
        },
    ]


def _cells() -> list[dict[str, str]]:
    states = ["verified"] * 5 + ["reported", "late", "not_planned", "not_planned", "planned", "planned", "planned"]
    names = [f"T{quarter} {year}" for year in (2020, 2021, 2022) for quarter in range(1, 5)]
    return [{"label": name, "status": state} for name, state in zip(names, states, strict=True)]
