from feedback.models.case import Case
from feedback.models.category import Category, DeadlineRule
from feedback.models.data_request import DataRequest
from feedback.models.envelope import Envelope
from feedback.models.implicated import CaseImplicated
from feedback.models.message import Answer, CaseMessage, ReadyAnswer
from feedback.models.person import PhonePreference, ReceiptAttempt

__all__ = [
    "Answer",
    "Case",
    "CaseImplicated",
    "CaseMessage",
    "Category",
    "DataRequest",
    "DeadlineRule",
    "Envelope",
    "PhonePreference",
    "ReadyAnswer",
    "ReceiptAttempt",
]
