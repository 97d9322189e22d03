"""What can be done to a case: one verb each. The packages on the right come in by here."""

from feedback.actions.answer import answer, record_answer, tell_person
from feedback.actions.close import close, close_because, merge
from feedback.actions.data_request import decide_data_request
from feedback.actions.entry import enter
from feedback.actions.protect import protect
from feedback.actions.release import take_released
from feedback.actions.reopen import reopen
from feedback.actions.thread import ask_person, erase_recording, listen, look, mark_read, reveal_contact, write_down
from feedback.actions.triage import Sorting, back_to_triage, hand_to_protection, mark_referred, reclassify, triage
from feedback.actions.withdraw import withdraw

__all__ = [
    "Sorting",
    "answer",
    "ask_person",
    "back_to_triage",
    "close",
    "close_because",
    "decide_data_request",
    "enter",
    "erase_recording",
    "hand_to_protection",
    "listen",
    "look",
    "mark_read",
    "mark_referred",
    "merge",
    "protect",
    "reclassify",
    "record_answer",
    "reopen",
    "reveal_contact",
    "take_released",
    "tell_person",
    "triage",
    "withdraw",
    "write_down",
]
