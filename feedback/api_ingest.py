"""API: an organisation's own system hands over what it collected elsewhere, case by case or counted; never twice.

What breaks the shape of a call refuses the call. What only we can tell (a date to come, a telephone that is none)
refuses one thing of it, and says which.
"""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import datetime
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.phones import normalise
from core.spelling import plain
from core.transitions import Refused
from directory.api_door import PartnerView, once
from directory.credentials import ApiScope
from directory.models import Organisation, Place
from directory.organisation_names import KnownNames
from feedback.actions.collected import Cell, keep_reading
from feedback.actions.ingest import note_deposit, take_in
from feedback.actions.receive import Spoken
from feedback.actions.source_words import note_words
from feedback.api import Unready
from feedback.api_collected_shapes import CollectedBatch, CollectedResults, ReadingResult, ReadingShape
from feedback.enums import Came, DepositKind, DepositWay, SafeContact
from feedback.handing_over import Handed, HandingOver, SaysSomethingElse
from feedback.ingest_figures import Figure, is_not_counted_here, repeats
from feedback.ingest_periods import Span, span_of
from feedback.models import CollectedReading, Deposit
from feedback.source_words import KnownWords
from psea.actions.receive import NobodyCanRead

BY_PHONE = (SafeContact.SMS, SafeContact.CALL)
AS_SAID = (
    "words", "said_at", "channel", "sex", "age_group", "disability", "population_status", "language",
    "objects_to_sharing",
)  # fmt: skip
Problems = dict[str, list[str]]


class CollectedCases(PartnerView):
    """What people said to an organisation, from its own system."""

    required_scopes: ClassVar[tuple[str, ...]] = (ApiScope.FEEDBACK_WRITE,)
    problems = (503,)

    @extend_schema(operation_id="hand_over_feedback", request=CollectedBatch, responses={200: CollectedResults})
    @once
    def post(self, request: Request) -> Response:
        """One or several at a time. What is here already is known; what says something else since is changed."""
        items = self._items()
        read = _Reader(self.credential.organisation, timezone.now())
        outcomes = [self._taken(read.thing(item)) for item in items]
        note_words(self.credential.organisation, read.over.undecided)
        deposit = note_deposit(
            uuid.uuid4(),
            self.credential.organisation,
            DepositKind.CASES,
            DepositWay.API,
            Counter(outcomes),
            outcomes=outcomes,
            at=read.over.at,
        )
        return self._answered(deposit, items)

    def again(self, made: str, **_arguments: Any) -> Response:
        return self._answered(get_object_or_404(Deposit, pk=made), self._items())

    def _items(self) -> list[dict[str, Any]]:
        shape = CollectedBatch(data=self.request.data)
        shape.is_valid(raise_exception=True)
        items: list[dict[str, Any]] = shape.validated_data["items"]
        return items

    def _taken(self, thing: Handed | Problems) -> str:
        if isinstance(thing, dict):
            return Came.REFUSED.value
        try:
            return take_in(thing, by=self.credential).value
        except (NobodyCanRead, Refused) as error:
            raise Unready from error

    def _answered(self, deposit: Deposit, items: list[dict[str, Any]]) -> Response:
        """What is wrong with a refused one is read again from the call: nothing of it is kept to answer a repeat."""
        read = _Reader(self.credential.organisation, deposit.deposited_at)
        results = []
        for item, outcome in zip(items, deposit.outcomes, strict=True):
            thing = read.thing(item)
            result = {"id": item.get("id", ""), "status": outcome}
            results.append(result | ({"problems": thing} if isinstance(thing, dict) else {}))
        return Response({"id": str(deposit.pk), "results": results})


class CollectedFigures(PartnerView):
    """What an organisation counted among the feedback it collects: shown beside our figures, and never in them."""

    required_scopes: ClassVar[tuple[str, ...]] = (ApiScope.FEEDBACK_WRITE,)

    @extend_schema(operation_id="hand_over_figures", request=ReadingShape, responses={200: ReadingResult})
    @once
    def post(self, request: Request) -> Response:
        """The same again changes nothing; another count is a new version. A period that crosses another is refused."""
        source, counted = self.credential.organisation, self._counted()
        reading, came = keep_reading(source, counted.span, counted.cells, by=self.credential)
        note_words(source, counted.undecided)
        counts = {came.value: counted.line_count, Came.REFUSED.value: len(counted.left_out)}
        note_deposit(uuid.uuid4(), source, DepositKind.FIGURES, DepositWay.API, counts)
        return self._answered(reading, counted)

    def again(self, made: str, **_arguments: Any) -> Response:
        return self._answered(get_object_or_404(CollectedReading, pk=made), self._counted())

    def _counted(self) -> _Counted:
        shape = ReadingShape(data=self.request.data)
        shape.is_valid(raise_exception=True)
        return _Counted(self.credential.organisation, shape.validated_data)

    def _answered(self, reading: CollectedReading, counted: _Counted) -> Response:
        return Response(
            {
                "id": reading.pk,
                "period": counted.period,
                "version": reading.version,
                "left_out": counted.left_out,
                "undecided": counted.undecided,
            }
        )


class _Reader:
    """Reads the things of one call, each as it is handed over, or what is wrong with it by field."""

    def __init__(self, source: Organisation, at: datetime) -> None:
        self.over, self.names, self.organisations = (
            HandingOver(source, at),
            KnownNames(),
            Organisation.objects.in_bulk(),
        )
        self.places = {plain(text): place for place in Place.objects.all() for text in (place.name, place.pcode)}

    def thing(self, item: dict[str, Any]) -> Handed | Problems:
        problems: Problems = {}
        said_at = item.get("said_at")
        if said_at is not None and said_at > self.over.at:
            problems["said_at"] = [_("Cette date n’est pas encore venue.")]
        phone = item.get("phone", "") if item["safe_contact"] in BY_PHONE else ""
        number = normalise(phone) if phone else ""
        if number is None:
            problems["phone"] = [_("Ce n’est pas un numéro de téléphone.")]
        if problems:
            return problems
        try:
            word, their_id = item.get("category", ""), item.get("id", "")
            return self.over.hand(self._spoken(item, number or ""), word=word, their_id=their_id)
        except SaysSomethingElse:
            return {"id": [_("Un autre élément de cet envoi a cet identifiant, et dit autre chose.")]}

    def _spoken(self, item: dict[str, Any], phone: str) -> Spoken:
        place = self.places.get(plain(item.get("place", "")))
        unknown = item.get("place", "") if place is None else ""
        concerned = self.names.found(item.get("concerned", ""), "")
        return Spoken(
            source_key="",
            receipt_number="",
            received_at=self.over.at,
            place=place,
            place_said=", ".join(filter(None, [unknown, item.get("place_said", "")])),
            concerned=self.organisations.get(next(iter(concerned), 0)),
            phone=phone,
            safe_contact=item["safe_contact"] if phone or item["safe_contact"] not in BY_PHONE else SafeContact.NONE,
            **{name: item[name] for name in AS_SAID if name in item},
        )


class _Counted:
    """The counts of one call under our categories. Raises ValidationError for what would make their sum lie."""

    def __init__(self, source: Organisation, said: dict[str, Any]) -> None:
        self.period: str = said["period"]
        self.span = _span_of(self.period)
        self.words = KnownWords(source)
        self.places = {place.pcode: place for place in Place.objects.all()}
        self.cells: Counter[Cell] = Counter()
        self.left_out: list[int] = []
        self.problems: Problems = {}
        read = [figure for index, one in enumerate(said["counts"]) if (figure := self._figure(index, one)) is not None]
        self.problems |= {str(figure.line): [str(code.label)] for figure, code in repeats(read)}
        if self.problems:
            raise ValidationError({"counts": self.problems})
        meanings = {figure.word: self.words.meaning(figure.word) for figure in read}
        self.undecided = [word for word, meaning in meanings.items() if meaning.is_undecided]
        self.line_count = len(read)
        for figure in read:
            self.cells[figure.cell(meanings[figure.word])] += figure.count

    def _figure(self, index: int, one: dict[str, Any]) -> Figure | None:
        """None for what is not counted here, or not understood: then a problem is noted."""
        pcode, channel = one.get("place", ""), one.get("channel", "")
        if is_not_counted_here(self.words.meaning(one["category"])):
            self.left_out.append(index)
            return None
        if pcode and pcode not in self.places:
            self.problems[str(index)] = [_("P-code inconnu.")]
            return None
        given = frozenset(name for name, said in (("place", pcode), ("channel", channel)) if said)
        place, word = self.places.get(pcode), one["category"]
        return Figure(index, self.span, place, word, one["sex"], one["age_group"], channel, one["count"], given)


def _span_of(period: str) -> Span:
    span = span_of(period)
    if span is None or span.first_day > timezone.localdate():
        raise ValidationError({"period": [_("Cette période n’a pas commencé.")]})
    return span
