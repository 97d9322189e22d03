from workplan.models.asked import AskedOfTeam
from workplan.models.change import PlanChange
from workplan.models.closing import QuarterClosing
from workplan.models.evidence import ReadingFile
from workplan.models.factor import SetAside, TriggerFactor
from workplan.models.indicator import Indicator, Window
from workplan.models.note import PlaceNote
from workplan.models.plan import Activity, ActivityActor, Axis, Objective, Plan
from workplan.models.plan_file import PlanFile
from workplan.models.public_page import PublicSwitch
from workplan.models.reading import Reading
from workplan.models.reference import ReferenceFigure, ReferenceShare
from workplan.models.register import EntryFile, RegisterEntry, RegisterFile
from workplan.models.status import ActivityStatus

__all__ = [
    "Activity",
    "ActivityActor",
    "ActivityStatus",
    "AskedOfTeam",
    "Axis",
    "EntryFile",
    "Indicator",
    "Objective",
    "PlaceNote",
    "Plan",
    "PlanChange",
    "PlanFile",
    "PublicSwitch",
    "QuarterClosing",
    "Reading",
    "ReadingFile",
    "ReferenceFigure",
    "ReferenceShare",
    "RegisterEntry",
    "RegisterFile",
    "SetAside",
    "TriggerFactor",
    "Window",
]
