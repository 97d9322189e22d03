"""Passwords that anybody here would try first."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from directory.models import Organisation

OUR_OWN = ("jaabi", "plainte", "coffre", "bonjour", "motdepasse", *settings.COUNTRY.said.get("guessed_words", ()))
LEAST = 8
SHORTEST_WORD = 3
NO_SIGN = re.compile(r"[\W_]+")


class OurOwnWordsValidator:
    """Refuses a password of which little is left once the names that everyone here knows are taken out of it."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        left = NO_SIGN.sub("", password.casefold())
        for word in sorted(_known(), key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < LEAST:
            raise ValidationError(self.get_help_text(), code="our_own_words")

    def get_help_text(self) -> str:
        return _("Le mot de passe ne tient pas au nom de Jaabi, d’un lieu ou d’une organisation.")


def _known() -> set[str]:
    names = Organisation.objects.values_list("acronym", "name")
    words = {NO_SIGN.sub("", word.casefold()) for pair in names for word in pair}
    return {word for word in {*words, *OUR_OWN} if len(word) >= SHORTEST_WORD}
