from core.models.audit import AuditEntry, AuditHead, Checkpoint
from core.models.backup_trace import BackupTrace
from core.models.calendar import DayCorrection
from core.models.lease import Lease
from core.models.line import Erasure, Line, LineTrace, Quarantined
from core.models.long_change import LongChange
from core.models.outbound import Outbound
from core.models.pace import DaySpend, NumberPace

__all__ = [
    "AuditEntry",
    "AuditHead",
    "BackupTrace",
    "Checkpoint",
    "DayCorrection",
    "DaySpend",
    "Erasure",
    "Lease",
    "Line",
    "LineTrace",
    "LongChange",
    "NumberPace",
    "Outbound",
    "Quarantined",
]
