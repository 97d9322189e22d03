from feedback.models.booklet import Booklet, BookletNumber
from feedback.models.case import Case
from feedback.models.category import Category, DeadlineRule
from feedback.models.collected import CollectedCount, CollectedReading
from feedback.models.data_request import DataRequest
from feedback.models.delay import UsualDelay
from feedback.models.draft import Draft
from feedback.models.envelope import Envelope
from feedback.models.implicated import CaseImplicated
from feedback.models.ingest import Deposit, SourceFile, SourceRecord, SourceWord
from feedback.models.message import Answer, CaseMessage, ReadyAnswer
from feedback.models.person import PhonePreference, PhoneQuestion, ReceiptAttempt
from feedback.models.repeat import JustSaid
from feedback.models.screening import ScreeningChange
from feedback.models.sheet import Sheet
from feedback.models.sms_text import LineWriting, TextVersion
from feedback.models.tally import CaseFacts, CohortTally, KeptSums, VoiceTally, WaitTally

__all__ = [
    "Answer",
    "Booklet",
    "BookletNumber",
    "Case",
    "CaseFacts",
    "CaseImplicated",
    "CaseMessage",
    "Category",
    "CohortTally",
    "CollectedCount",
    "CollectedReading",
    "DataRequest",
    "DeadlineRule",
    "Deposit",
    "Draft",
    "Envelope",
    "JustSaid",
    "KeptSums",
    "LineWriting",
    "PhonePreference",
    "PhoneQuestion",
    "ReadyAnswer",
    "ReceiptAttempt",
    "ScreeningChange",
    "Sheet",
    "SourceFile",
    "SourceRecord",
    "SourceWord",
    "TextVersion",
    "UsualDelay",
    "VoiceTally",
    "WaitTally",
]
