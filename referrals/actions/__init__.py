from referrals.actions.asking import ask_consent
from referrals.actions.comment import comment
from referrals.actions.consent import (
    grant_consent,
    note_said,
    override_consent,
    refuse_consent,
    withdraw_consent,
)
from referrals.actions.files import attach, attach_of_case, open_file, remove_file
from referrals.actions.handover import assign
from referrals.actions.notes import strike_note, take_back_note, write_note
from referrals.actions.pausing import pause, resume
from referrals.actions.protecting import protect
from referrals.actions.receiving import accept, answer, ask, confirm_erasure, receive, refuse, start
from referrals.actions.sending import (
    close,
    create,
    create_and_send,
    feed_back,
    forward,
    recall,
    reopen,
    reply,
    send,
)
from referrals.actions.thread import say

__all__ = [
    "accept",
    "answer",
    "ask",
    "ask_consent",
    "assign",
    "attach",
    "attach_of_case",
    "close",
    "comment",
    "confirm_erasure",
    "create",
    "create_and_send",
    "feed_back",
    "forward",
    "grant_consent",
    "note_said",
    "open_file",
    "override_consent",
    "pause",
    "protect",
    "recall",
    "receive",
    "refuse",
    "refuse_consent",
    "remove_file",
    "reopen",
    "reply",
    "resume",
    "say",
    "send",
    "start",
    "strike_note",
    "take_back_note",
    "withdraw_consent",
    "write_note",
]
