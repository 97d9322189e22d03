from psea.models.assistance import AssistanceOffer, Survivor
from psea.models.calls import DutyCall
from psea.models.cases import CaseNote, Informed, SealedCase, SealedMessage
from psea.models.drafts import VaultDraft
from psea.models.handed import HandedCopy
from psea.models.holds import LegalHold
from psea.models.keys import Approval, HandlerKey, Wrap
from psea.models.questions import Question
from psea.models.receipts import PhoneTrace, Receipt
from psea.models.recovery import Recovery, RecoveryShare
from psea.models.releases import Release

__all__ = [
    "Approval",
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
    "Recovery",
    "RecoveryShare",
    "Release",
    "SealedCase",
    "SealedMessage",
    "Survivor",
    "VaultDraft",
    "Wrap",
]
