from psea.models.assistance import AssistanceOffer, Survivor
from psea.models.cases import CaseNote, Informed, SealedCase, SealedMessage
from psea.models.keys import HandlerKey, Wrap
from psea.models.receipts import PhoneTrace, Receipt
from psea.models.releases import Release

__all__ = [
    "AssistanceOffer",
    "CaseNote",
    "HandlerKey",
    "Informed",
    "PhoneTrace",
    "Receipt",
    "Release",
    "SealedCase",
    "SealedMessage",
    "Survivor",
    "Wrap",
]
