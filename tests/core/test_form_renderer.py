"""A list of choices is drawn as Django draws it."""

from __future__ import annotations

from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from core.form_renderer import QuickRenderer

GROUPED = [("", "Non précisé"), ("Eau & <assainissement>", [('a"b', "Forage <1>"), (2, "Latrine")]), ("x", "Autre")]


class Ask(forms.Form):
    one = forms.ChoiceField(choices=GROUPED, widget=forms.Select(attrs={"class": "form-select", "disabled": True}))
    several = forms.MultipleChoiceField(choices=GROUPED)
    unsaid = forms.NullBooleanField()
    words = forms.CharField(widget=forms.Textarea)


def test_a_list_of_choices_is_the_same_html_as_djangos() -> None:
    said = {"one": "2", "several": ['a"b', "x"], "unsaid": "true", "words": "<b>"}
    for data in (None, said):
        ours, theirs = (Ask(data, renderer=renderer()) for renderer in (QuickRenderer, DjangoTemplates))
        for name in ours.fields:
            assert parse_html(str(ours[name])) == parse_html(str(theirs[name])), name
    assert "Forage &lt;1&gt;" in str(Ask(said, renderer=QuickRenderer())["one"])
