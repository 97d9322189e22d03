"""One verb, one function: what can be done in the vault. Each names who acts (`by`) and when it happened (`at`)."""

from psea.actions.accountability import acknowledge, advance, not_ours, reopen
from psea.actions.asking import ask_person
from psea.actions.assistance import move_offer, offer_assistance
from psea.actions.copy_held import confirm_copy_held, destroy_due
from psea.actions.keys import Enrolment, confirm_enrolment, enrol_handler, enrol_recovery, name_investigation, unlock
from psea.actions.leaving import ReleasedText, mark_released, reclassify, release_text
from psea.actions.opening import OpenedCase, open_case, read_case
from psea.actions.receive import NobodyCanRead, add_to_sealed, receive_sealed
from psea.actions.routing import extract_facts
from psea.actions.sharing import open_recovery, recover_cases, retire_key, share_cases
from psea.actions.telling import add_note, inform_person
from psea.actions.transmit import reach_outside, transmit
from psea.actions.wishes import decide_wish

__all__ = [
    "Enrolment",
    "NobodyCanRead",
    "OpenedCase",
    "ReleasedText",
    "acknowledge",
    "add_note",
    "add_to_sealed",
    "advance",
    "ask_person",
    "confirm_copy_held",
    "confirm_enrolment",
    "decide_wish",
    "destroy_due",
    "enrol_handler",
    "enrol_recovery",
    "extract_facts",
    "inform_person",
    "mark_released",
    "move_offer",
    "name_investigation",
    "not_ours",
    "offer_assistance",
    "open_case",
    "open_recovery",
    "reach_outside",
    "read_case",
    "receive_sealed",
    "reclassify",
    "recover_cases",
    "release_text",
    "reopen",
    "retire_key",
    "share_cases",
    "transmit",
    "unlock",
]
