"""API: the shapes of what an organisation's own system hands over of the feedback that it collects, and its answers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from directory.api_door import Flag, Number, Text
from directory.enums import NOT_SAID, AgeGroup, Disability, PopulationStatus, Sex
from directory.languages import Language
from feedback.api import WORDS_LIMIT
from feedback.enums import Came, Channel, SafeContact
from feedback.handing_over import LONGEST_ID
from feedback.source_words import LONGEST

MOST_ITEMS, MOST_COUNTS = 100, 1_000
THEIR_WORD = "Le mot de l’organisation, ou un de nos codes."


class Collected(serializers.Serializer[Any]):
    """What somebody said to this organisation. `id`: its own; without one, what is said tells a repeat."""

    id = Text(max_length=LONGEST_ID, required=False, allow_blank=True)
    words = Text(min_length=1, max_length=WORDS_LIMIT, help_text="Les mots de la personne.")
    said_at = serializers.DateTimeField(required=False, allow_null=True)
    category = Text(max_length=LONGEST, required=False, allow_blank=True, help_text=THEIR_WORD)
    channel = serializers.ChoiceField(Channel.choices, default=Channel.API)
    place = Text(
        max_length=80, required=False, allow_blank=True, help_text="P-code, ou nom d’un cercle ou d’une région."
    )
    place_said = Text(max_length=200, required=False, allow_blank=True)
    concerned = Text(max_length=160, required=False, allow_blank=True, help_text="Sigle ou nom, s’il est connu ici.")
    sex = serializers.ChoiceField(Sex.choices, default=NOT_SAID)
    age_group = serializers.ChoiceField(AgeGroup.choices, default=NOT_SAID)
    disability = serializers.ChoiceField(Disability.choices, default=NOT_SAID)
    population_status = serializers.ChoiceField(PopulationStatus.choices, default=NOT_SAID)
    language = serializers.ChoiceField(Language.choices, default=NOT_SAID)
    phone = Text(max_length=30, required=False, allow_blank=True)
    safe_contact = serializers.ChoiceField(SafeContact.choices, default=SafeContact.NONE)
    objects_to_sharing = Flag(default=False, help_text="La personne ne veut pas de transmission.")


class CollectedBatch(serializers.Serializer[Any]):
    items = serializers.ListField(child=Collected(), min_length=1, max_length=MOST_ITEMS)


class CollectedResult(serializers.Serializer[Any]):
    """What became of one thing; the same whatever the matter. `problems`: of a refused one, by field."""

    id = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(Came.choices)
    problems = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)


class CollectedResults(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    results = CollectedResult(many=True)


class CountShape(serializers.Serializer[Any]):
    count = Number(min_value=0, max_value=9_999_999)
    category = Text(min_length=1, max_length=LONGEST, help_text=THEIR_WORD)
    place = Text(max_length=12, required=False, allow_blank=True, help_text="P-code.")
    sex = serializers.ChoiceField(Sex.choices, default=NOT_SAID)
    age_group = serializers.ChoiceField(AgeGroup.choices, default=NOT_SAID)
    channel = serializers.ChoiceField(Channel.choices, required=False, allow_blank=True)


class ReadingShape(serializers.Serializer[Any]):
    """All that was counted in one month (`2022-03`) or quarter (`2022-T1`): it replaces what was given for it before.

    Parts only, no totals.
    """

    period = serializers.RegexField(r"^20[0-9]{2}-(?:0[1-9]|1[0-2]|T[1-4])$")
    counts = serializers.ListField(child=CountShape(), min_length=1, max_length=MOST_COUNTS)


class ReadingResult(serializers.Serializer[Any]):
    """`left_out`: places in the list of what is not counted here. `undecided`: words that somebody has to map first;
    they count without a category until they are sent again."""

    id = serializers.IntegerField()
    period = serializers.CharField()
    version = serializers.IntegerField()
    left_out = serializers.ListField(child=serializers.IntegerField())
    undecided = serializers.ListField(child=serializers.CharField())
