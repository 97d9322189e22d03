from workplan.models.indicator import Indicator, Window
from workplan.models.plan import Activity, ActivityActor, Axis, Objective, Plan
from workplan.models.reading import Reading

__all__ = ["Activity", "ActivityActor", "Axis", "Indicator", "Objective", "Plan", "Reading", "Window"]
