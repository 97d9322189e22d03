from psea.models.assistance import AssistanceOffer, Survivor
from psea.models.calls import DutyCall
from psea.models.cases import CaseNote, Informed, SealedCase, SealedMessage
from psea.models.handed import HandedCopy
from psea.models.holds import LegalHold
from psea.models.keys import HandlerKey, Wrap
from psea.models.questions import Question
from psea.models.receipts import PhoneTrace, Receipt
from psea.models.releases import Release

__all__ = [
    "AssistanceOffer",
    "CaseNote",
    "DutyCall",
    "HandedCopy",
    "HandlerKey",
    "Informed",
    "LegalHold",
    "PhoneTrace",
    "Question",
    "Receipt",
    "Release",
    "SealedCase",
    "SealedMessage",
    "Survivor",
    "Wrap",
]
