"""API: the dashboard, as everyone signed in may see it: collective figures, small numbers withheld."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from directory.enums import AgeGroup, PopulationStatus, Sex
from feedback.enums import Channel
from workplan.api import PlanView
from workplan.dashboard.asked import BY_WEEK, FILTERS, DashboardFilters
from workplan.dashboard.figures import Figure, top_line
from workplan.dashboard.panel import WITHHELD, Panel
from workplan.dashboard.reads import read_at_once
from workplan.dashboard.shown import panels_of

ASKED = ("period", *FILTERS, "step")
# What is closed, or asked for nothing; places and categories are what this country's are.
SAID_SO: dict[str, Any] = {
    "period": {"type": "string", "pattern": r"^(20[0-9]{2}-T[1-4])?$"},
    "channel": {"type": "string", "enum": ["", *Channel.values]},
    "sex": {"type": "string", "enum": ["", *Sex.values]},
    "age_group": {"type": "string", "enum": ["", *AgeGroup.values]},
    "population_status": {"type": "string", "enum": ["", *PopulationStatus.values]},
    "step": {"type": "string", "enum": ["", BY_WEEK]},
}
A_CELL = {"oneOf": [{"type": "integer"}, {"type": "string"}], "nullable": True}


@extend_schema_field(A_CELL)
class Cell(serializers.Field[Any, Any, Any, Any]):
    """A count, what is no count in its words, or null: too small to be published."""

    def to_representation(self, value: Any) -> Any:
        return value


class AmountShape(serializers.Serializer[Any]):
    """A count, or a share as its fraction; null is not known, which is not zero."""

    number = serializers.IntegerField(allow_null=True)
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)


class TopFigureShape(AmountShape):
    """`before`: the quarter before, at the same day where this one still runs. `is_withheld`: too small to publish."""

    key = serializers.CharField()
    title = serializers.CharField()
    definition = serializers.CharField()
    is_withheld = serializers.BooleanField()
    before = AmountShape()


class DashboardRowShape(serializers.Serializer[Any]):
    """`cells`: one for each column. `pcode`: where the row is a place."""

    name = serializers.CharField()
    pcode = serializers.CharField(allow_blank=True)
    cells = serializers.ListField(child=Cell())


class DashboardTableShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    columns = serializers.ListField(child=serializers.CharField())
    rows = DashboardRowShape(many=True)


class DashboardShape(serializers.Serializer[Any]):
    period = serializers.CharField()
    figures = TopFigureShape(many=True)
    tables = DashboardTableShape(many=True)


class Dashboard(PlanView):
    parameters: ClassVar[frozenset[str]] = frozenset(ASKED)

    @extend_schema(
        operation_id="read_dashboard",
        responses={200: DashboardShape},
        parameters=[OpenApiParameter(name, SAID_SO.get(name, OpenApiTypes.STR)) for name in ASKED],
    )
    def get(self, request: Request) -> Response:
        """The six figures and the tables of a quarter ("2022-T3"), the running one by default; of a zone, a category, a
        channel, or what people said of themselves; `step=week`: by week.
        """
        filters = DashboardFilters(request.query_params)
        if not filters.is_valid():
            raise ValidationError({name: [str(each) for each in said] for name, said in filters.errors.items()})
        asked = filters.asked()
        with read_at_once(asked):
            return Response(
                {
                    "period": asked.quarter.code,
                    "figures": [_figure(each) for each in top_line(asked)],
                    "tables": [_table(each) for each in panels_of(asked, None)],
                }
            )


def _figure(figure: Figure) -> dict[str, Any]:
    known = {"key": figure.key, "title": str(figure.title), "definition": str(figure.measure.definition)}
    now = None if figure.withheld else figure.fraction or figure.value
    return known | {"is_withheld": figure.withheld, **_count(now), "before": _count(figure.before)}


def _count(value: Any) -> dict[str, int | None]:
    top, bottom = value if isinstance(value, tuple) else (None, None)
    return {"number": value if isinstance(value, int) else None, "numerator": top, "denominator": bottom}


def _table(panel: Panel) -> dict[str, Any]:
    withheld = str(WITHHELD)
    rows = [
        {"name": name, "pcode": code, "cells": [None if cell == withheld else cell for cell in cells]}
        for code, name, cells in panel.lines()
    ]
    said = {"name": panel.name, "title": panel.title, "note": panel.note}
    return said | {"columns": list(panel.headings[1:]), "rows": rows}
