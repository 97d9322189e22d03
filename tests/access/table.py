"""Who may: every address, the methods it answers, and who opens it for which object.

An address is `Page(methods, of=kind of object, opens={object: people})`; `acts=` where those who may send a form are
fewer than those who may look. What an object does not name is a 404 for everyone. People are those of `tests/cast.py`
and `tests/access/world.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

People = frozenset[str]

SAFE = ("GET", "HEAD")
READ = ("GET",)
SEND = ("POST",)
FORM = ("GET", "HEAD", "POST")
ASK = ("GET", "POST")
EVERY_METHOD = ("GET", "HEAD", "POST", "PUT", "DELETE")


def some(*names: str) -> People:
    return frozenset(names)


EVERYONE = some(
    "adama", "ali", "aminata", "awa", "binta", "coumba", "djeneba", "fanta", "hawa", "ibrahim", "kadia", "lassana",
    "mariam", "moussa", "nana", "oumar", "robert", "rokia", "salif", "sira", "tene", "yaya", "zeina",
)  # fmt: skip

OPERATOR = some("awa")
FOCAL_POINTS = some("oumar", "fanta", "ibrahim")
MANAGERS = some("mariam", "sira")
INTEGRITY = some("salif", "binta")
PROTECTION = some("kadia", "yaya")
SECURITY = some("moussa")
OFFICERS = some("aminata", "rokia")
PSEA_FOCAL_POINTS = some("hawa", "nana")
COORDINATION = some("coumba")
LEAD = some("lassana")
WORKING_GROUP = some("djeneba")
ADMINISTRATOR = some("adama")
AUDITORS = some("zeina")

RESTRICTED = INTEGRITY | PROTECTION | SECURITY
IN_VAULT = OFFICERS | PSEA_FOCAL_POINTS | COORDINATION
CUSTODIAN = some("tene")
HOLDS_KEY = IN_VAULT | CUSTODIAN
REFERRING = OPERATOR | FOCAL_POINTS | RESTRICTED
AT_HCR = some("ibrahim", "mariam")


@dataclass(frozen=True)
class Page:
    """One address. `opens` by object ("" for an address without one); `acts` the same, for forms that are sent."""

    methods: tuple[str, ...]
    opens: Mapping[str, People]
    of: str = ""
    acts: Mapping[str, People] = field(default_factory=dict)
    more: Mapping[str, str] = field(default_factory=dict)
    query: str = ""

    def who_may(self, method: str, thing: str) -> People:
        wanted = self.acts if method == "POST" and self.acts else self.opens
        return wanted.get(thing, frozenset())


def page(methods: tuple[str, ...], people: People, acts: People | None = None) -> Page:
    """An address without an object."""
    return Page(methods, {"": people}, acts={} if acts is None else {"": acts})


def of(
    kind: str,
    methods: tuple[str, ...],
    opens: Mapping[str, People],
    acts: Mapping[str, People] | None = None,
    **more: str,
) -> Page:
    """An address of one object. `more`: further arguments of the address."""
    return Page(methods, opens, kind, acts or {}, more)


# -- anyone ----------------------------------------------------------------------------------------------------------

# Ours, with the methods they answer.
OUR_PUBLIC: dict[str, tuple[str, ...]] = {
    "healthz": SAFE,
    "readyz": SAFE,
    "metrics": SAFE,
    "feedback:home": SAFE,
    "feedback:speak": FORM,
    "feedback:receipt": SAFE,
    "feedback:offline": SAFE,
    "feedback:offline_worker": SAFE,
    "feedback:follow": FORM,
    "feedback:privacy": SAFE,
    "feedback:urgent": SAFE,
    "feedback:workers": FORM,
    "directory:proofs": SAFE,
    "directory:proofs-points": SAFE,
    "directory:proofs-verifier": SAFE,
    "feedback:sms_inbound": SEND,
    "feedback:sms_status": SEND,
    "referrals:sheet": FORM,
    "workplan:public_plan": SAFE,
    "demo:tour": SAFE,
    "demo:phone": FORM,
    "demo:thread": SAFE,
}
DOCUMENTATION = {"api_schema", "api_docs"}
PUBLIC = (
    set(OUR_PUBLIC)
    | DOCUMENTATION
    | {
        "set_language",
        "account_login",
        "account_logout",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "mfa_login_webauthn",
    }
)

# Signed by the carrier, or borne by a token: no form of ours sends them.
WITHOUT_CSRF_TOKEN = {"feedback:sms_inbound", "feedback:sms_status"}

# Sign-in and one's own second factor: pages of django-allauth, for oneself only, whoever one is.
OF_LIBRARIES = {
    "account_signup",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_inactive",
    "account_email",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "usersessions_list",
}

# -- cases -----------------------------------------------------------------------------------------------------------

LISTENING = OPERATOR | RESTRICTED
# A restricted case is read by the named recipients of its kind, wherever they work, unless it implicates them.
CASES_THEY_SEE = {
    "new": OPERATOR,
    "ordinary": OPERATOR | some("ibrahim"),
    # Fanta is of NRC too, and her zone is Gao
    "of nrc in the centre": OPERATOR | some("oumar"),
    "integrity": INTEGRITY,
    "hcr implicated": some("binta"),
    "protection": PROTECTION,
    "security": SECURITY,
}
TEXT_KEEPERS = ADMINISTRATOR | WORKING_GROUP
PRINTING = TEXT_KEEPERS | OPERATOR | MANAGERS
ACTS_ON_CASES = (
    "triage", "answer", "tell", "close", "reopen", "write", "ask", "ask-short", "spoken", "danger-over",
    "withdraw", "merge", "reclassify", "set-aside", "end", "protect",
)  # fmt: skip

# What people said, and what an organisation counted: each the file of whoever uploaded it.
SOURCE_FILES = {"awa's": OPERATOR, "djeneba's": WORKING_GROUP}

# One kept in the settings pages, one that the environment configures.
LINES = {"kannel": ADMINISTRATOR, "of the server": ADMINISTRATOR}

CASES = {
    "referrals:desk": page(SAFE, LISTENING),
    "feedback:enter": page(FORM, OPERATOR),
    "feedback:enter_delicate": page(FORM, OPERATOR),
    "feedback:alike": page(SEND, OPERATOR),
    "feedback:drafts": page(FORM, OPERATOR),
    "feedback:draft_delete": of("draft", SEND, {"awa's": OPERATOR}),
    "feedback:paper": page(SAFE, OPERATOR),
    "feedback:booklets": page(FORM, OPERATOR),
    "feedback:register": page(FORM, OPERATOR),
    "feedback:sheets": page(FORM, OPERATOR),
    "feedback:sheet": of("sheet", FORM, {"awa's": OPERATOR}),
    "feedback:sources": page(FORM, OPERATOR | WORKING_GROUP),
    "feedback:source_file": of("source file", FORM, SOURCE_FILES),
    "feedback:source_lines": of("source file", SAFE, SOURCE_FILES),
    "feedback:source_template": of("kind of deposit", SAFE, {"figures": OPERATOR | WORKING_GROUP}),
    "feedback:source_words": of("offices of", FORM, dict.fromkeys(("hcr", "nrc"), OPERATOR | WORKING_GROUP)),
    # who listens to it, and reads the words themselves
    "feedback:split": of("case", FORM, CASES_THEY_SEE | {"ordinary": OPERATOR, "of nrc in the centre": OPERATOR}),
    "feedback:flagged": page(FORM, OPERATOR),
    "feedback:recording": of("recording", READ, {"ordinary": OPERATOR, "protection": PROTECTION}),
    "feedback:picture": of("recording", READ, {"ordinary": OPERATOR, "protection": PROTECTION}),
    "feedback:data_requests": page(SAFE, LISTENING),
    "feedback:data_request": of("data request", FORM, {"ordinary": OPERATOR, "protection": PROTECTION}),
    "feedback:note_request": of("case", FORM, CASES_THEY_SEE),
    "feedback:recording_erase": of("recording", SEND, {"ordinary": OPERATOR, "protection": PROTECTION}),
    "referrals:case": of("case", SAFE, CASES_THEY_SEE),
    "referrals:case_contact": of(
        "case", SEND, CASES_THEY_SEE | {"ordinary": OPERATOR, "of nrc in the centre": OPERATOR}
    ),
    "referrals:case_read": of("case", SEND, CASES_THEY_SEE),
    **{f"referrals:case_{act}": of("case", SEND, CASES_THEY_SEE) for act in ACTS_ON_CASES},
    "feedback:categories": page(SAFE, TEXT_KEEPERS),
    "feedback:category": of("category", FORM, {"water": TEXT_KEEPERS}),
    "feedback:deadlines": page(SAFE, TEXT_KEEPERS),
    "feedback:deadline_new": page(FORM, TEXT_KEEPERS),
    "feedback:deadline": of("deadline", FORM, {"answer": TEXT_KEEPERS}),
    "feedback:ready_answers": page(SAFE, TEXT_KEEPERS | OPERATOR),
    "feedback:ready_answer_new": page(FORM, TEXT_KEEPERS),
    "feedback:ready_answer": of("ready answer", FORM, {"hours": TEXT_KEEPERS}),
    "feedback:ready_answer_variant": of("ready answer", FORM, {"hours": TEXT_KEEPERS}),
    "feedback:ready_answer_archive": of("ready answer", SEND, {"hours": TEXT_KEEPERS}),
    "feedback:ready_answer_restore": of("ready answer", SEND, {"hours": TEXT_KEEPERS}),
    "feedback:texts": page(SAFE, TEXT_KEEPERS),
    "feedback:line_writing": page(FORM, TEXT_KEEPERS),
    "feedback:text": of("text", FORM, {"receipt": TEXT_KEEPERS}),
    "feedback:text_approve": of("text", SEND, {"receipt": TEXT_KEEPERS}),
    "feedback:text_restore": of("text", SEND, {"receipt": TEXT_KEEPERS}),
    # who finds more, and who may find less: `feedback.actions.screening`
    "feedback:screening": page(SAFE, OFFICERS | COORDINATION),
    "feedback:screening_language": of("word list", SAFE, {"french": OFFICERS | COORDINATION}),
    "feedback:screening_change": page(FORM, OFFICERS | COORDINATION),
    "feedback:documents": page(SAFE, PRINTING),
    "feedback:document_card": of("role", SAFE, {"operator": PRINTING}),
    "feedback:document_script": page(SAFE, PRINTING),
    "feedback:document_services": page(SAFE, PRINTING | FOCAL_POINTS),
    "feedback:document_poster": page(SAFE, PRINTING),
    "feedback:document_radio": page(SAFE, PRINTING),
    "feedback:training": page(SAFE, TEXT_KEEPERS),
    "feedback:lines": page(SAFE, ADMINISTRATOR),
    "feedback:working": page(SAFE, EVERYONE),
    "feedback:line_new": of("kind of line", FORM, {"kannel": ADMINISTRATOR}),
    "feedback:line": of("line", FORM, LINES, {"kannel": ADMINISTRATOR}),
    "feedback:line_test": of("line", SEND, LINES),
    **{f"feedback:line_{act}": of("line", SEND, {"kannel": ADMINISTRATOR}) for act in ("start", "stop", "default")},
    "feedback:quarantine": page(SAFE, ADMINISTRATOR),
    "feedback:quarantine_verify": of("line", SEND, LINES),
    "feedback:thresholds": page(SAFE, TEXT_KEEPERS),
}

# -- referrals -------------------------------------------------------------------------------------------------------

# Who sent it (Ibrahim and nobody else of HCR) and who receives it (NRC Gao: Fanta; Oumar is at Bamako).
BOTH_SIDES = {
    "hcr to nrc gao": some("ibrahim", "fanta"),
    "line to hcr": some("awa", "ibrahim"),
    "integrity hcr to nrc": some("salif", "binta"),
    "protection hcr to nrc": some("kadia", "yaya"),
}
ORDINARY_REFERRALS = ("hcr to nrc gao", "line to hcr")
RECEIVERS = {
    "hcr to nrc gao": some("fanta"),
    "line to hcr": some("ibrahim"),
    "integrity hcr to nrc": some("binta"),
    "protection hcr to nrc": some("yaya"),
}
# What each side wrote for itself is a 404 to the other.
HCRS_NOTES = {
    "hcr to nrc gao": some("ibrahim"),
    "line to hcr": some("ibrahim"),
    "integrity hcr to nrc": some("salif"),
    "protection hcr to nrc": some("kadia"),
}
# A receiver's is read by both sides; a person's by the sender alone, until the receiver has accepted.
FILES = {
    "hcr to nrc gao": BOTH_SIDES["hcr to nrc gao"],
    "of a person, hcr to nrc gao": some("ibrahim"),
    "integrity hcr to nrc": BOTH_SIDES["integrity hcr to nrc"],
}

REFERRALS = {
    "referrals:mine": page(READ, REFERRING | MANAGERS),
    "referrals:accept_several": page(SEND, EVERYONE),
    "referrals:assign_several": page(SEND, EVERYONE),
    "referrals:filters": page(ASK, REFERRING),
    # kept by Awa, hers alone
    "referrals:filter": of("filter", SEND, {"awa's": OPERATOR}),
    "referrals:overrides": page(SAFE, MANAGERS | WORKING_GROUP | RESTRICTED),
    # of the organisation that passed it on: its manager, or whoever is named for that kind
    "referrals:override_review": of("override", SEND, {"hcr to pam": some("mariam"), "integrity": some("salif")}),
    "referrals:statistics": page(ASK, FOCAL_POINTS | MANAGERS | OPERATOR, MANAGERS),
    "referrals:agencies": page(READ, WORKING_GROUP),
    # HCR works under contract for NRC here
    "referrals:partners": page(READ, FOCAL_POINTS),
    "referrals:partner": of("referral", READ, {"line to hcr": some("oumar", "fanta")}),
    "referrals:new": of("case as case_id", ASK, CASES_THEY_SEE),
    "referrals:referral": of("referral", READ, BOTH_SIDES),
    "referrals:paper": of("referral", READ, {thing: BOTH_SIDES[thing] for thing in ORDINARY_REFERRALS}),
    "referrals:refuse": of("referral", ASK, RECEIVERS),
    # only once it came back
    "referrals:forward": of("referral", ASK, {}),
    "referrals:say": of("referral", SEND, BOTH_SIDES),
    "referrals:note": of("referral", SEND, BOTH_SIDES),
    # HCR's own, whichever side it stands on
    "referrals:note_take_back": of("note of a referral", SEND, HCRS_NOTES),
    "referrals:note_strike": of("note of a referral", SEND, HCRS_NOTES),
    "referrals:attach": of("referral", SEND, BOTH_SIDES),
    "referrals:file": of("file", READ, FILES),
    # the other side is told that it is not theirs
    "referrals:file_remove": of("file", SEND, FILES),
    "referrals:protect": of("referral", SEND, BOTH_SIDES),
    "referrals:confirm_erasure": of("referral", SEND, BOTH_SIDES),
    "referrals:ask_consent": of("referral", SEND, BOTH_SIDES),
    # only where a consent was given
    "referrals:withdraw_consent": of("referral", SEND, {}),
    "referrals:act": of("referral", SEND, BOTH_SIDES, name="accept"),
}

# -- the vault -------------------------------------------------------------------------------------------------------

SEALED_THEY_SEE = {
    "fresh": OFFICERS | COORDINATION,
    "hcr implicated": some("rokia") | COORDINATION,
    "at hcr": OFFICERS | COORDINATION | some("nana"),
}
HANDED = {"at hcr": OFFICERS | COORDINATION | some("nana")}

VAULT = {
    "psea:locked": page(ASK, HOLDS_KEY),
    "psea:lock": page(SEND, HOLDS_KEY),
    "psea:by_code": page(ASK, HOLDS_KEY),
    "psea:enrol": page(ASK, HOLDS_KEY),
    "psea:confirm": page(SEND, HOLDS_KEY),
    "psea:renew": page(ASK, HOLDS_KEY),
    "psea:renew_confirm": page(SEND, HOLDS_KEY),
    "psea:drafts": page(READ, HOLDS_KEY),
    "psea:drop_draft": of("vault draft", SEND, {"aminata's": some("aminata")}),
    "psea:recoveries": page(ASK, HOLDS_KEY, acts=IN_VAULT),
    "psea:make_recovery_key": page(SEND, COORDINATION),
    "psea:recovery_half": of("recovery", SEND, {"asked": CUSTODIAN}),
    "psea:recovery_complete": of("recovery", SEND, {"asked": CUSTODIAN}),
    "psea:recovery_refuse": of("recovery", SEND, {"asked": CUSTODIAN | COORDINATION}),
    "psea:cases": page(READ, IN_VAULT),
    "psea:case": of("sealed", READ, SEALED_THEY_SEE),
    # A voice is part of the narrative: its handlers, never the coordination.
    "psea:recording": of("sealed recording", READ, {"at hcr": OFFICERS | some("nana")}),
    "psea:picture": of("sealed recording", READ, {"at hcr": OFFICERS | some("nana")}),
    "psea:open": of("sealed", SEND, SEALED_THEY_SEE),
    "psea:facts": of("sealed", SEND, SEALED_THEY_SEE),
    "psea:statistics": of("sealed", SEND, SEALED_THEY_SEE),
    "psea:add_offer": of("survivor", SEND, HANDED),
    "psea:offer": of("offer", SEND, HANDED, act="accept"),
    "psea:transmit": of("sealed", SEND, SEALED_THEY_SEE),
    "psea:outside": of("sealed", SEND, SEALED_THEY_SEE),
    "psea:act": of("sealed", SEND, SEALED_THEY_SEE, act="acknowledge"),
    "psea:inform": of("sealed", SEND, SEALED_THEY_SEE),
    "psea:note": of("sealed", SEND, SEALED_THEY_SEE),
    "psea:ask": of("sealed", SEND, SEALED_THEY_SEE),
    "psea:wish": of("sealed wish", SEND, {"at hcr": OFFICERS | COORDINATION | some("nana")}),
    "psea:calls": of("sealed", ASK, SEALED_THEY_SEE),
    "psea:chase": of("sealed", SEND, SEALED_THEY_SEE),
    "psea:implicated": of("sealed", SEND, SEALED_THEY_SEE),
    "psea:hold": of("sealed", SEND, SEALED_THEY_SEE),
    "psea:hold_act": of("sealed", SEND, SEALED_THEY_SEE, act="confirm"),
    "psea:conflict": of("sealed", SEND, SEALED_THEY_SEE, act="raise"),
    # what was transmitted already is not handed over by hand
    "psea:slip": of("sealed", READ, {"fresh": OFFICERS, "hcr implicated": some("rokia")}),
    # of an entity here, its own people; the officers where it was reached by hand
    "psea:hand_copy": of("sealed", ASK, {"at hcr": some("nana")}),
    "psea:copy_destroyed": of("sealed copy", SEND, HANDED),
    "psea:copy_held": of("sealed", SEND, SEALED_THEY_SEE),
    "psea:copy_stated": of("sealed", SEND, SEALED_THEY_SEE),
    "psea:copy_confirmed": of("sealed", SEND, SEALED_THEY_SEE),
    "psea:reclassify": of("sealed", SEND, SEALED_THEY_SEE),
    "feedback:release": of("sealed", ASK, SEALED_THEY_SEE),
    "psea:figures": page(READ, IN_VAULT),
    "psea:handed": page(ASK, OFFICERS | PSEA_FOCAL_POINTS),
    "psea:rota": page(READ, IN_VAULT),
    "psea:duty_week": of("duty week", SEND, {"next": COORDINATION}),
    "psea:duty_swap": of("duty week", SEND, {"next": OFFICERS}),
    "psea:duty_swap_answer": of("duty swap", SEND, {"rokia's to answer": some("rokia")}),
    "psea:duty_officer": of("handler", ASK, {"aminata": COORDINATION}),
    "psea:people": page(READ, IN_VAULT),
    "psea:share": of("handler", SEND, {"nana": IN_VAULT, "aminata": IN_VAULT}),
    "psea:approve": of("key", SEND, {"nana's": COORDINATION}),
    "psea:retire": of("key", SEND, {"nana's": COORDINATION}),
}

# -- workplan --------------------------------------------------------------------------------------------------------

NOTE_WRITERS = OPERATOR | WORKING_GROUP
INDICATORS = dict.fromkeys(("of ocha", "of others", "computed", "of the vault"), EVERYONE)

READINGS = {"draft": LEAD, "submitted": LEAD | WORKING_GROUP, "verified": EVERYONE}
# OCHA is the secretariat: its lead and its working group verify axes 1 and 2.
VERIFIED_HERE = {
    "of ocha": LEAD | WORKING_GROUP,
    "of others": LEAD | WORKING_GROUP,
    "computed": WORKING_GROUP,
    "of the vault": COORDINATION,
}
KEEPERS = LEAD | WORKING_GROUP
REGISTERS = {"requests": EVERYONE, "saisines": KEEPERS}
KEPT = dict.fromkeys(("requests", "saisines"), KEEPERS)
OWN_ENTRIES = dict.fromkeys(("of ocha", "a saisine"), KEEPERS)
EVIDENCE = {"of a draft": LEAD, "of a verified one": EVERYONE}

WORKPLAN = {
    "workplan:plan": page(SAFE, EVERYONE),
    **{f"workplan:plan_{form}": page(SAFE, EVERYONE) for form in ("docx", "xlsx", "csv", "yaml", "pdf")},
    **{f"workplan:{what}_{form}": page(SAFE, EVERYONE) for what in ("values", "figures") for form in ("csv", "xlsx")},
    "workplan:plan_upload": page(FORM, KEEPERS),
    "workplan:plan_file": of("plan file", FORM, {"lassana's": LEAD}),
    "workplan:gantt": page(SAFE, EVERYONE),
    "workplan:public_switch": page(FORM, EVERYONE, WORKING_GROUP),
    "workplan:public_preview": page(SAFE, WORKING_GROUP),
    "workplan:plan_changes": page(SAFE, EVERYONE),
    "workplan:doubts": page(FORM, KEEPERS),
    "workplan:element": of("element", SAFE, dict.fromkeys(("the plan", "an indicator"), EVERYONE)),
    "workplan:element_change": of("element", FORM, dict.fromkeys(("the plan", "an indicator"), KEEPERS)),
    "workplan:activity": of("activity", SAFE, {"any": EVERYONE}),
    "workplan:indicator": of("indicator", SAFE, INDICATORS),
    "workplan:lineage": of("indicator", SAFE, {"computed": EVERYONE}),
    "workplan:report": page(SAFE, EVERYONE),
    "workplan:offline": page(FORM, LEAD),
    "workplan:offline_sheet": page(SAFE, LEAD),
    "workplan:save_line": of("indicator", SEND, {"of ocha": LEAD}),
    "workplan:report_places": of("indicator", SAFE, {"of ocha": LEAD}),
    "workplan:activity_status": of("activity", SEND, {"any": EVERYONE}),
    "workplan:consolidate": of("indicator", SEND, VERIFIED_HERE),
    "workplan:measured_by": of("indicator", FORM, VERIFIED_HERE),
    "workplan:closings": page(SAFE, EVERYONE),
    "workplan:closing_new": page(FORM, LEAD | WORKING_GROUP),
    "workplan:closing": of("closing", SAFE, {"2021-T4": EVERYONE}),
    "workplan:closing_reopen": of("closing", SEND, {"2021-T4": LEAD | WORKING_GROUP}),
    "workplan:entries": of("indicator", SAFE, {"of ocha": EVERYONE}),
    "workplan:use_register": of("indicator", SEND, {"of ocha": LEAD}),
    "workplan:report_register": of("indicator", SEND, {"of ocha": LEAD}),
    "workplan:registers": page(SAFE, EVERYONE),
    "workplan:register": of("register", SAFE, REGISTERS),
    "workplan:register_csv": of("register", SAFE, REGISTERS),
    "workplan:entry_new": of("register", FORM, KEPT),
    "workplan:register_table": of("register", FORM, KEPT),
    "workplan:register_template": of("register", SAFE, KEPT),
    "workplan:register_file": of("register file", FORM, {"lassana's": LEAD}),
    "workplan:entry": of("entry", SAFE, {"of ocha": EVERYONE, "a saisine": KEEPERS}),
    "workplan:entry_change": of("entry", FORM, OWN_ENTRIES),
    "workplan:entry_strike": of("entry", SEND, OWN_ENTRIES),
    "workplan:entry_file": of("entry", SAFE, {"of ocha": EVERYONE}),
    "workplan:proposals": page(SAFE, KEEPERS),
    "workplan:factors": page(FORM, WORKING_GROUP),
    "workplan:factor_end": of("factor", SEND, {"set": WORKING_GROUP}),
    "workplan:set_aside": page(SEND, KEEPERS),
    "workplan:mapping": page(SAFE, EVERYONE),
    "workplan:evidence_join": of("reading", SEND, READINGS),
    "workplan:evidence": of("evidence", READ, EVIDENCE),
    "workplan:evidence_remove": of("evidence", SEND, EVIDENCE),
    "workplan:verify": page(SAFE, EVERYONE),
    "workplan:judge": of("reading", SEND, READINGS),
    "workplan:correct": of("reading", SEND, READINGS),
    "workplan:review": page(SAFE, EVERYONE),
    "workplan:asked": page(FORM, EVERYONE),
    **{
        f"workplan:{what}_{form}": page(SAFE, EVERYONE)
        for what in ("report", "one_page")
        for form in ("page", "pdf", "docx")
    },
    "workplan:dashboard": page(SAFE, EVERYONE),
    "workplan:signals": page(SAFE, WORKING_GROUP),
    "workplan:silence": page(SAFE, EVERYONE),
    "workplan:reference": page(FORM, WORKING_GROUP),
    "workplan:reference_file": page(FORM, WORKING_GROUP),
    "workplan:reference_shares": of("reference part", FORM, {"languages": WORKING_GROUP}),
    "workplan:notes": page(SAFE, EVERYONE),
    "workplan:note_new": page(FORM, NOTE_WRITERS),
    "workplan:note": of(
        "note", FORM, {"draft": NOTE_WRITERS, "approved": EVERYONE}, dict.fromkeys(("draft", "approved"), NOTE_WRITERS)
    ),
    "workplan:note_approve": of("note", SEND, dict.fromkeys(("draft", "approved"), WORKING_GROUP)),
    "workplan:note_take_up": of("note", SEND, dict.fromkeys(("draft", "approved"), NOTE_WRITERS)),
    "workplan:note_poster": of("note", SAFE, {"draft": NOTE_WRITERS, "approved": EVERYONE}),
    "workplan:figures": Page(SAFE, {"": EVERYONE}, query="?figure=said"),
}

# -- directory and settings ------------------------------------------------------------------------------------------

KEEPERS = ADMINISTRATOR | MANAGERS | WORKING_GROUP
PEOPLE_KEEPERS = ADMINISTRATOR | MANAGERS
OPEN_ORGANISATIONS = {"hcr": EVERYONE, "nrc": EVERYONE}
OF_THEIR_AGENCY = {"hcr": ADMINISTRATOR | some("mariam"), "nrc": ADMINISTRATOR | some("sira")}
ACCOUNTS = {
    "ibrahim": ADMINISTRATOR | some("mariam"),
    # holds a confidential role: an agency does not touch the account
    "nana": ADMINISTRATOR,
    "oumar": ADMINISTRATOR | some("sira"),
}
SERVICES = {
    "hcr": ADMINISTRATOR | WORKING_GROUP | some("mariam", "ibrahim"),
    "nrc": ADMINISTRATOR | WORKING_GROUP | some("sira", "oumar", "fanta"),
    # whoever keeps the directory for everyone is not named to know where it is
    "nrc, confidential": some("sira", "oumar", "fanta"),
}
SCOPE_KEEPERS = ADMINISTRATOR | WORKING_GROUP

DIRECTORY = {
    "directory:home": page(SAFE, EVERYONE),
    "directory:profile": page(FORM, EVERYONE),
    "directory:away": page(SEND, EVERYONE),
    "directory:depart": page(FORM, EVERYONE),
    "directory:directory": page(SAFE, EVERYONE),
    "directory:organisations": page(SAFE, EVERYONE),
    **{f"directory:interventions{tail}": page(SAFE, EVERYONE) for tail in ("", "-csv", "-xlsx")},
    "directory:intervention-files": page(FORM, KEEPERS),
    "directory:intervention-file": of("5w file", FORM, {"djeneba's": WORKING_GROUP, "mariam's": some("mariam")}),
    "directory:intervention-problems": of("5w file", SAFE, {"djeneba's": WORKING_GROUP, "mariam's": some("mariam")}),
    "directory:interventions-absent": of("5w file", FORM, {"mariam's": some("mariam")}),
    "directory:organisation": of("organisation", SAFE, OPEN_ORGANISATIONS),
    "directory:service-new": page(FORM, ADMINISTRATOR | WORKING_GROUP | MANAGERS | FOCAL_POINTS),
    "directory:service": of("service", FORM, SERVICES),
    "directory:service-confirm": of("service", SEND, SERVICES),
    "directory:settings": page(SAFE, KEEPERS),
    "directory:people": page(SAFE, PEOPLE_KEEPERS),
    "directory:invitation": page(FORM, PEOPLE_KEEPERS),
    "directory:person": of("person", FORM, ACCOUNTS),
    "directory:person-close": of("person", FORM, ACCOUNTS),
    "directory:person-reopen": of("person", SEND, ACCOUNTS),
    "directory:person-sign-out": of("person", SEND, ACCOUNTS),
    "directory:person-forget-factors": of("person", SEND, dict.fromkeys(ACCOUNTS, ADMINISTRATOR)),
    "directory:organisation-new": page(FORM, ADMINISTRATOR),
    "directory:organisation-edit": of("organisation", FORM, OF_THEIR_AGENCY | {"closed": ADMINISTRATOR}),
    "directory:office-new": of("offices of", FORM, OF_THEIR_AGENCY),
    "directory:office": of("office", FORM, {"nrc gao": ADMINISTRATOR | some("sira")}),
    "directory:partner-new": of("offices of", FORM, dict.fromkeys(("hcr", "nrc"), ADMINISTRATOR)),
    "directory:partner": of("partner", FORM, {"hcr, of nrc": ADMINISTRATOR}),
    "directory:scopes": page(SAFE, SCOPE_KEEPERS),
    "directory:scope": of("scope", FORM, {"liptako": SCOPE_KEEPERS}),
    "directory:calendar": page(FORM, SCOPE_KEEPERS),
    "directory:calendar-forget": of("day", SEND, {"a strike": SCOPE_KEEPERS}),
    "directory:tokens": page(FORM, ADMINISTRATOR),
    "directory:token-revoke": of("token", SEND, {"nrc": ADMINISTRATOR}),
    "directory:clients": page(FORM, PEOPLE_KEEPERS),
    "directory:client-revoke": of("client", SEND, {"nrc": ADMINISTRATOR | some("sira")}),
    "directory:audit": page(SAFE, ADMINISTRATOR),
    "directory:witnesses": page(FORM, PEOPLE_KEEPERS),
    "directory:witness-remove": of("witness", SEND, {"nrc": ADMINISTRATOR | some("sira")}),
    **{f"workplan:journal{tail}": page(SAFE, AUDITORS) for tail in ("", "_csv", "_proof")},
}

ENDPOINTS = {
    "referrals:endpoints": page(FORM, PEOPLE_KEEPERS),
    "referrals:endpoint": of("endpoint", SAFE, {"nrc": ADMINISTRATOR | some("sira")}),
    "referrals:endpoint_stop": of("endpoint", SEND, {"nrc": ADMINISTRATOR | some("sira")}),
    "referrals:delivery_again": of("delivery", SEND, {"nrc": ADMINISTRATOR | some("sira")}),
}

SHEETS = {
    # the sender's people, of an agency that is on paper
    "referrals:sheet_renew": of("paper referral", SEND, {"to the embassy": some("ibrahim")}),
    "referrals:sheet_take": of("sheet reply", SEND, {"of the embassy": some("ibrahim")}),
    "referrals:sheet_aside": of("sheet reply", SEND, {"of the embassy": some("ibrahim")}),
}

EXCHANGE = {
    "referrals:peers": page(FORM, ADMINISTRATOR),
    "referrals:peer": of("peer", FORM, {"pam's": ADMINISTRATOR}),
    "referrals:peer_change": of("peer", SEND, {"pam's": ADMINISTRATOR}),
    "referrals:peer_secret": of("peer", SEND, {"pam's": ADMINISTRATOR}),
    "referrals:peer_renew": of("peer", SEND, {"pam's": ADMINISTRATOR}),
    "referrals:peer_stop": of("peer", SEND, {"pam's": ADMINISTRATOR}),
    "referrals:peer_forget": of("named at a peer", SEND, {"pam": ADMINISTRATOR}),
    "referrals:envelope_again": of("envelope of a peer", SEND, {"ordinary": ADMINISTRATOR, "integrity": ADMINISTRATOR}),
    "referrals:exchange_load": page(FORM, OPERATOR | FOCAL_POINTS),
    # a confidential matter goes by no mail
    "referrals:envelope": of("envelope", SAFE, {"ordinary": some("ibrahim")}),
}

DEVELOPERS = {"components": page(SAFE, EVERYONE)}

STAFF: dict[str, Page] = {
    **CASES,
    **REFERRALS,
    **VAULT,
    **WORKPLAN,
    **DIRECTORY,
    **ENDPOINTS,
    **SHEETS,
    **EXCHANGE,
    **DEVELOPERS,
}

# -- API: no cookie opens it, and a restricted matter is not there ----------------------------------------------------

# Both sides have a system; the line that sent the second one has none.
OF_A_SIDE = {"hcr to nrc gao": some("hcr", "nrc"), "line to hcr": some("hcr")}
# Those who are concerned, or took it in; nothing restricted, and nothing that implicates anyone of theirs.
CASES_OF_SYSTEMS = {"ordinary": some("hcr"), "of nrc in the centre": some("nrc")}
FILES_OF_SYSTEMS = {"hcr to nrc gao": some("hcr", "nrc"), "of a person, hcr to nrc gao": some("hcr")}
OWN_SERVICES = {"hcr": some("hcr"), "nrc": some("nrc"), "nrc, confidential": some("nrc")}


@dataclass(frozen=True)
class Operation:
    """One address of the API: the scopes that each of its methods asks for, and whose tokens open which object."""

    scopes: Mapping[str, tuple[str, ...]]
    opens: Mapping[str, People] = field(default_factory=dict)
    of: str = ""

    @property
    def methods(self) -> frozenset[str]:
        return frozenset(self.scopes)


ACT = {"POST": ("referrals:read", "referrals:write")}
READ_SERVICES, KEEP_SERVICES = ("services:read",), ("services:read", "services:write")
REFERRAL_ACTS = (
    "receive", "accept", "refuse", "ask", "answer", "start", "reply", "feed-back", "recall", "close", "reopen", "say",
    "ask-consent", "withdraw-consent", "confirm-erasure", "pause", "resume", "assign",
)  # fmt: skip

API = {
    "api_cases": Operation({"GET": ("cases:read",), "POST": ("cases:write",)}),
    "api_case": Operation({"GET": ("cases:read",)}, CASES_OF_SYSTEMS, "case"),
    "api_feedback": Operation({"POST": ("feedback:write",)}),
    "api_feedback_figures": Operation({"POST": ("feedback:write",)}),
    "api_referrals": Operation({"GET": ("referrals:read",), **ACT}),
    "api_referral": Operation({"GET": ("referrals:read",)}, OF_A_SIDE, "referral"),
    **{f"api_{act}": Operation(ACT, OF_A_SIDE, "referral") for act in REFERRAL_ACTS},
    "api_attachments": Operation({"GET": ("referrals:read",), **ACT}, OF_A_SIDE, "referral"),
    "api_attachment": Operation({"GET": ("referrals:read",)}, FILES_OF_SYSTEMS, "file"),
    # only the sender's, once it came back
    "api_forward": Operation(ACT, OF_A_SIDE, "referral"),
    "api_organisations": Operation({"GET": ("referrals:read",)}),
    "api_services": Operation({"GET": READ_SERVICES, "POST": KEEP_SERVICES}),
    "api_service": Operation({"GET": READ_SERVICES, "PATCH": KEEP_SERVICES}, OWN_SERVICES, "service"),
    "api_service_confirm": Operation({"POST": KEEP_SERVICES}, OWN_SERVICES, "service"),
    "api_checkpoints": Operation({"GET": ("audit:read",)}),
    # the plan and the collective figures are everybody's to read
    "api_dashboard": Operation({"GET": ("workplan:read",)}),
    "api_plans": Operation({"GET": ("workplan:read",)}),
    "api_plan": Operation({"GET": ("workplan:read",)}, of="plan"),
    "api_entries": Operation(
        {"GET": ("workplan:read",), "POST": ("workplan:read", "workplan:write")}, of="plan register"
    ),
    "api_figures": Operation({"GET": ("workplan:read",)}, of="indicator"),
}
# Whatever else begins with /api/v1/ is not there, for anyone.
API_NOTHING = {"api_unknown"}
# Where another installation's signature lets in: no token, no cookie.
API_PEERS = {"api_exchange"}
# Where a client's own id and secret are what lets in (RFC 6749): no token, no cookie.
API_TOKENS = {"api_token"}
