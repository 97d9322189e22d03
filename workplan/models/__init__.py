from workplan.models.evidence import ReadingFile
from workplan.models.indicator import Indicator, Window
from workplan.models.note import PlaceNote
from workplan.models.plan import Activity, ActivityActor, Axis, Objective, Plan
from workplan.models.reading import Reading
from workplan.models.reference import ReferenceFigure

__all__ = [
    "Activity",
    "ActivityActor",
    "Axis",
    "Indicator",
    "Objective",
    "PlaceNote",
    "Plan",
    "Reading",
    "ReadingFile",
    "ReferenceFigure",
    "Window",
]
