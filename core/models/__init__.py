from core.models.audit import AuditEntry
from core.models.calendar import DayCorrection
from core.models.lease import Lease
from core.models.line import Erasure, Line, LineTrace, Quarantined
from core.models.outbound import Outbound

__all__ = ["AuditEntry", "DayCorrection", "Erasure", "Lease", "Line", "LineTrace", "Outbound", "Quarantined"]
