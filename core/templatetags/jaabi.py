"""`{% load jaabi %}`: every component of the pages. Each subject has its own module; this one gathers them."""

from __future__ import annotations

from django import template

from . import jaabi_figures, jaabi_forms, jaabi_page, jaabi_words

register = template.Library()
for _subject in (jaabi_figures, jaabi_forms, jaabi_page, jaabi_words):
    register.tags.update(_subject.register.tags)
    register.filters.update(_subject.register.filters)
