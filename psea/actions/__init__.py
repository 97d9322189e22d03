"""One verb, one function: what can be done in the vault. Each names who acts (`by`) and when it happened (`at`)."""

from psea.actions.accountability import acknowledge, advance, not_ours, reopen
from psea.actions.approving import approve_key
from psea.actions.asking import ask_person
from psea.actions.assistance import move_offer, offer_assistance
from psea.actions.chasing import chase, note_call
from psea.actions.copy_by_hand import confirm_copy, state_copy
from psea.actions.copy_held import confirm_copy_held, destroy_due
from psea.actions.copying import hand_copy, note_destroyed
from psea.actions.handing import take_over
from psea.actions.holds import ask_hold, confirm_hold, lift_hold, raise_conflict, settle_conflict
from psea.actions.keys import Enrolment, confirm_enrolment, confirm_secrets, enrol_handler, renew_secrets, unlock
from psea.actions.leaving import ReleasedText, mark_released, reclassify, release_text
from psea.actions.leaving_out import name_implicated
from psea.actions.mending import Mended, mend, watch_readers
from psea.actions.opening import OpenedCase, open_case, read_case
from psea.actions.receive import NobodyCanRead, add_to_sealed, receive_sealed
from psea.actions.recovery import (
    ask_recovery,
    complete_recovery,
    give_half,
    make_recovery_key,
    refuse_recovery,
)
from psea.actions.retiring import retire_key
from psea.actions.rota import answer_swap, ask_swap, describe_officer, set_week
from psea.actions.routing import extract_facts
from psea.actions.sharing import share_cases
from psea.actions.statistical import note_statistics
from psea.actions.telling import add_note, inform_person
from psea.actions.transmit import reach_outside, transmit
from psea.actions.wishes import decide_wish

__all__ = [
    "Enrolment",
    "Mended",
    "NobodyCanRead",
    "OpenedCase",
    "ReleasedText",
    "acknowledge",
    "add_note",
    "add_to_sealed",
    "advance",
    "answer_swap",
    "approve_key",
    "ask_hold",
    "ask_person",
    "ask_recovery",
    "ask_swap",
    "chase",
    "complete_recovery",
    "confirm_copy",
    "confirm_copy_held",
    "confirm_enrolment",
    "confirm_hold",
    "confirm_secrets",
    "decide_wish",
    "describe_officer",
    "destroy_due",
    "enrol_handler",
    "extract_facts",
    "give_half",
    "hand_copy",
    "inform_person",
    "lift_hold",
    "make_recovery_key",
    "mark_released",
    "mend",
    "move_offer",
    "name_implicated",
    "not_ours",
    "note_call",
    "note_destroyed",
    "note_statistics",
    "offer_assistance",
    "open_case",
    "raise_conflict",
    "reach_outside",
    "read_case",
    "receive_sealed",
    "reclassify",
    "refuse_recovery",
    "release_text",
    "renew_secrets",
    "reopen",
    "retire_key",
    "set_week",
    "settle_conflict",
    "share_cases",
    "state_copy",
    "take_over",
    "transmit",
    "unlock",
    "watch_readers",
]
