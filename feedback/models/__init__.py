from feedback.models.case import Case
from feedback.models.category import Category, DeadlineRule
from feedback.models.envelope import Envelope
from feedback.models.implicated import CaseImplicated
from feedback.models.message import Answer, CaseMessage, ReadyAnswer
from feedback.models.person import PhonePreference, ReceiptAttempt
from feedback.models.sms_text import LineWriting, TextVersion

__all__ = [
    "Answer",
    "Case",
    "CaseImplicated",
    "CaseMessage",
    "Category",
    "DeadlineRule",
    "Envelope",
    "LineWriting",
    "PhonePreference",
    "ReadyAnswer",
    "ReceiptAttempt",
    "TextVersion",
]
