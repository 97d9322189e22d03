"""What can be done to a case: one verb each. The packages on the right come in by here."""

from feedback.actions.answer import answer, record_answer, tell_person
from feedback.actions.booklets import make_booklet
from feedback.actions.close import close, close_because, merge
from feedback.actions.danger import danger_over
from feedback.actions.data_request import decide_data_request, tell_decision
from feedback.actions.drafts import discard_draft, keep_draft
from feedback.actions.entry import Decision, Entered, enter, enter_sorted
from feedback.actions.protect import protect
from feedback.actions.release import take_released
from feedback.actions.reopen import reopen
from feedback.actions.short_questions import ask_short, put_question
from feedback.actions.split import Part, split
from feedback.actions.thread import ask_person, erase_recording, listen, look, mark_read, reveal_contact, write_down
from feedback.actions.triage import Sorting, back_to_triage, hand_to_protection, mark_referred, reclassify, triage
from feedback.actions.withdraw import must_speak_with, spoken_with, withdraw

__all__ = [
    "Decision",
    "Entered",
    "Part",
    "Sorting",
    "answer",
    "ask_person",
    "ask_short",
    "back_to_triage",
    "close",
    "close_because",
    "danger_over",
    "decide_data_request",
    "discard_draft",
    "enter",
    "enter_sorted",
    "erase_recording",
    "hand_to_protection",
    "keep_draft",
    "listen",
    "look",
    "make_booklet",
    "mark_read",
    "mark_referred",
    "merge",
    "must_speak_with",
    "protect",
    "put_question",
    "reclassify",
    "record_answer",
    "reopen",
    "reveal_contact",
    "split",
    "spoken_with",
    "take_released",
    "tell_decision",
    "tell_person",
    "triage",
    "withdraw",
    "write_down",
]
