from psea.models.assistance import AssistanceOffer, Survivor
from psea.models.cases import CaseNote, Informed, SealedCase, SealedMessage
from psea.models.keys import HandlerKey, Wrap
from psea.models.questions import Question
from psea.models.receipts import PhoneTrace, Receipt
from psea.models.releases import Release

__all__ = [
    "AssistanceOffer",
    "CaseNote",
    "HandlerKey",
    "Informed",
    "PhoneTrace",
    "Question",
    "Receipt",
    "Release",
    "SealedCase",
    "SealedMessage",
    "Survivor",
    "Wrap",
]
