"""API: the plan and its collective figures, as everyone signed in may read them: verified, published, or live."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from directory.api_door import PartnerView
from directory.credentials import ApiScope
from workplan.enums import Kind, ReadingState
from workplan.measures import MEASURES
from workplan.models import Indicator, Plan, Reading
from workplan.progress import standing
from workplan.releases import lines_of
from workplan.tables import Latest, latest_of
from workplan.values import Value


class PlanShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    country = serializers.CharField()
    years = serializers.ListField(child=serializers.IntegerField())
    is_invented = serializers.BooleanField()


class ValueShape(serializers.Serializer[Any]):
    """Null is "not said", which is not zero. A percentage is its fraction. `breakdown`: disaggregation → its part →
    count; `reached_on`: the day a milestone was reached.
    """

    number = serializers.IntegerField(allow_null=True)
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    yes = serializers.BooleanField(allow_null=True)
    breakdown = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))
    reached_on = serializers.DateField(allow_null=True)


class LatestShape(serializers.Serializer[Any]):
    period = serializers.CharField()
    standing = serializers.ChoiceField(["live", "verified", "published", "not_published"])
    value = ValueShape(allow_null=True)


class IndicatorShape(serializers.Serializer[Any]):
    """One indicator, with where it stands in the plan."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(Kind.choices)
    unit = serializers.CharField(allow_blank=True)
    target = serializers.IntegerField(allow_null=True)
    axis = serializers.CharField()
    objective = serializers.CharField()
    activity = serializers.CharField()
    planned = serializers.ListField(child=serializers.CharField(), help_text="2022-T3 …")
    latest = LatestShape(allow_null=True)


class WholePlanShape(PlanShape):
    indicators = IndicatorShape(many=True)


class FigureShape(serializers.Serializer[Any]):
    period = serializers.CharField()
    value = ValueShape(allow_null=True)


class PlaceFigureShape(FigureShape):
    """What was reported of one place. Places need not make the whole: some things have none."""

    pcode = serializers.CharField()


class FiguresShape(serializers.Serializer[Any]):
    """The series of one indicator: its verified values; for the vault's, what was published."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    definition = serializers.CharField(allow_blank=True)
    figures = FigureShape(many=True)
    places = PlaceFigureShape(many=True)


class PlanView(PartnerView):
    required_scopes: ClassVar[tuple[str, ...]] = (ApiScope.WORKPLAN_READ,)


class Plans(PlanView):
    @extend_schema(operation_id="list_plans", responses={200: PlanShape(many=True)})
    def get(self, request: Request) -> Response:
        """Every plan, newest first."""
        return Response([_plan(plan) for plan in Plan.objects.all()])


class PlanDetail(PlanView):
    @extend_schema(operation_id="read_plan", responses={200: WholePlanShape})
    def get(self, request: Request, code: str) -> Response:
        """A plan with its indicators, each with its latest known value."""
        plan = get_object_or_404(Plan, code=code)
        rows = _indicators(plan)
        known = _verified([row.pk for row in rows])
        return Response({**_plan(plan), "indicators": [_indicator(row, known[row.pk], plan) for row in rows]})


class IndicatorFigures(PlanView):
    @extend_schema(operation_id="read_figures", responses={200: FiguresShape})
    def get(self, request: Request, pk: int) -> Response:
        """Quarter by quarter."""
        indicator = get_object_or_404(Indicator.objects.select_related("activity__objective__axis__plan"), pk=pk)
        measure = MEASURES.get(indicator.measure)
        definition = str(measure.definition) if measure is not None else ""
        said = {"id": indicator.pk, "number": indicator.number, "definition": definition}
        return Response({**said, "figures": _figures(indicator), "places": _places(indicator)})


def _plan(plan: Plan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in ("code", "title", "country", "years", "is_invented")}


def _indicators(plan: Plan) -> list[Indicator]:
    rows = Indicator.objects.of_plan(plan.pk).select_related("activity__objective__axis")
    return list(rows.order_by("pk").prefetch_related("windows", "activity__windows", "activity__reporters"))


def _verified(indicators: list[int]) -> dict[int, list[Reading]]:
    found: dict[int, list[Reading]] = defaultdict(list)
    for row in Reading.objects.filter(indicator__in=indicators, place=None, state=ReadingState.VERIFIED):
        found[row.indicator_id].append(row)
    return found


def _indicator(row: Indicator, known: list[Reading], plan: Plan) -> dict[str, Any]:
    activity = row.activity
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in ("number", "title", "kind", "unit", "target")},
        "axis": str(activity.objective.axis),
        "objective": str(activity.objective),
        "activity": str(activity),
        "planned": [quarter.code for quarter in row.planned_quarters],
        "latest": _latest(latest_of(row, known, plan.years)),
    }


def _latest(latest: Latest | None) -> dict[str, Any] | None:
    if latest is None:
        return None
    standing_now = "not_published" if latest.is_withheld else "published" if latest.is_released else "verified"
    value = None if latest.is_withheld else _value(latest.value)
    return {"period": latest.label, "standing": "live" if latest.is_live else standing_now, "value": value}


def _figures(indicator: Indicator) -> list[dict[str, Any]]:
    measure = MEASURES.get(indicator.measure)
    if measure is not None and measure.in_vault:
        lines = lines_of(measure.name, indicator.activity.objective.axis.plan.years)
        return [{"period": line.label, "value": _value(line.value) if line.value else None} for line in lines]
    stands = standing(indicator, _verified([indicator.pk])[indicator.pk])
    return [{"period": quarter.code, "value": _value(reading.value)} for quarter, reading in stands.items()]


def _places(indicator: Indicator) -> list[dict[str, Any]]:
    rows = Reading.objects.filter(indicator=indicator, state=ReadingState.VERIFIED).exclude(place=None)
    stands: dict[tuple[str, str], Value] = {}
    for row in rows.select_related("place").order_by("year", "quarter", "place__pcode", "version"):
        stands[row.period.code, row.place.pcode if row.place else ""] = row.value
    return [{"period": period, "pcode": pcode, "value": _value(value)} for (period, pcode), value in stands.items()]


def _value(value: Value) -> dict[str, Any]:
    said = {name: getattr(value, name) for name in ("number", "numerator", "denominator", "yes")}
    return said | {"breakdown": value.breakdown, "reached_on": value.on}
