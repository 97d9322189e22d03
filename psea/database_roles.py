"""The two PostgreSQL roles of the vault: what each may do, and whether a connection may do too much (DESIGN §4, §7).

`vault_intake` inserts, and reads handlers' public keys, their approvals, receipt stages and recent telephone hashes;
and a question to a person, one by one, where it names what number and code make: it can list none.
`vault` (handlers) works on the rows; it owns nothing, defines nothing, and cannot rewrite the audit.
Row-level security is a second wall behind the grants.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connections
from django.db.backends.utils import CursorWrapper
from psycopg.sql import SQL, Identifier, Literal

from core.index import forms_of

INSERTED = ("psea_sealedcase", "psea_wrap", "psea_sealedmessage", "psea_receipt", "psea_phonetrace")
READ_BY_INTAKE = {
    "psea_handlerkey": ("id", "user_id", "organisation_id", "kind", "public_key", "confirmed_at", "retired_at"),
    "psea_approval": ("id", "handler_key_id", "signer", "signed_by", "may", "until", "signature", "signed_at"),
    "psea_receipt": ("receipt_hash", "stage", "since", "expires", "mailbox"),
    "psea_phonetrace": ("phone_hash", "until", "mailbox"),
    "psea_question": ("id", "holder_tag", "for_person", "asked_at"),
}
OTHER_TABLES = (
    "psea_casenote",
    "psea_informed",
    "psea_survivor",
    "psea_assistanceoffer",
    "psea_question",
    "psea_legalhold",
    "psea_dutycall",
    "psea_handedcopy",
    "psea_recovery",
    "psea_recoveryshare",
    "psea_vaultdraft",
)
LEDGER = "psea_release"
AUDIT = "core_auditentry"
AUDIT_HEADS = "core_audithead"
LEASE = "core_lease"
WORKED_ON = (*INSERTED, "psea_handlerkey", "psea_approval", *OTHER_TABLES)

# What intake may insert, and may read, row by row.
INSERT_CHECKS = {"psea_sealedcase": "state = 'received'", "psea_receipt": "stage = 'received'"}
READ_FILTERS = {
    "psea_handlerkey": "retired_at is null",
    "psea_approval": "true",
    "psea_receipt": "expires > now()",
    "psea_phonetrace": "until > now()",
    "psea_question": "holder_tag = any (string_to_array(current_setting('jaabi.holder', true), ','))",
}


def create_missing(cursor: CursorWrapper, passwords: Mapping[str, str]) -> None:
    """Creates the login roles that do not exist yet, with no right of their own; the caller is in a transaction."""
    for name, password in passwords.items():
        cursor.execute("select 1 from pg_roles where rolname = %s", [name])
        if cursor.fetchone() is None:
            create = SQL("create role {} login nosuperuser nobypassrls nocreatedb nocreaterole password {}")
            cursor.execute(create.format(Identifier(name), Literal(password)).as_string(None))


def grants(*, handlers: str, intake: str) -> list[str]:
    """The statements that give both roles exactly what they need; safe to run again. Names are quoted here."""
    return [*_handler_grants(_quoted(handlers)), *_intake_grants(_quoted(intake)), *_walls(handlers, intake)]


def _handler_grants(role: str) -> list[str]:
    return [
        f"revoke all on all tables in schema public from {role}",
        f"revoke create on schema public from {role}",
        f"grant usage on schema public to {role}",
        f"grant select, insert, update, delete on {', '.join(WORKED_ON)} to {role}",
        f"grant select, insert on {LEDGER}, {AUDIT}, {AUDIT_HEADS} to {role}",
        f"grant update (position, chain_hash) on {AUDIT} to {role}",
        f"grant select, insert, update, delete on {LEASE} to {role}",
    ]


def _intake_grants(role: str) -> list[str]:
    reads = [f"grant select ({', '.join(columns)}) on {table} to {role}" for table, columns in READ_BY_INTAKE.items()]
    return [
        f"revoke all on all tables in schema public from {role}",
        f"revoke create on schema public from {role}",
        f"grant usage on schema public to {role}",
        f"grant insert on {', '.join(INSERTED)} to {role}",
        *reads,
    ]


def _walls(handlers: str, intake: str) -> list[str]:
    statements = []
    for table in sorted({*WORKED_ON, LEDGER}):
        statements += [
            f"alter table {table} enable row level security",
            *_policy(table, "handlers", f"for all to {_quoted(handlers)} using (true) with check (true)"),
        ]
    for table in INSERTED:
        allowed = INSERT_CHECKS.get(table, "true")
        statements += _policy(table, "intake_inserts", f"for insert to {_quoted(intake)} with check ({allowed})")
    for table, allowed in READ_FILTERS.items():
        statements += _policy(table, "intake_reads", f"for select to {_quoted(intake)} using ({allowed})")
    return statements


def _policy(table: str, name: str, rule: str) -> list[str]:
    return [f"drop policy if exists {name} on {table}", f"create policy {name} on {table} {rule}"]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def name_holder(alias: str, tag: str) -> None:
    """Has the rest of a transaction read what is kept for whoever this tag stands for (`psea.tags.holder_tag`).

    The same statement whether there is anything or not; none on SQLite, which has no roles.
    """
    connection = connections[alias]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select set_config('jaabi.holder', %s, true)", [",".join(forms_of(tag, vault=True))])


_WHAT_IT_CAN = """
select r.rolsuper, r.rolbypassrls, r.rolcreaterole,
       exists (select 1 from pg_tables t
               where t.schemaname = current_schema() and t.tablename like 'psea\\_%%'
                 and pg_has_role(current_user, t.tableowner, 'member'))
from pg_roles r where r.rolname = current_user
"""


def unsafe_roles(alias: str) -> list[str]:
    """Why the role behind an alias may do too much: one sentence each. Empty on SQLite, which has no roles."""
    connection = connections[alias]
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(_WHAT_IT_CAN)
        row = cursor.fetchone()
    reasons = ("est superutilisateur", "contourne la sécurité par ligne", "peut créer des rôles", "possède le coffre")
    return [f"Le rôle de « {alias} » {reason}." for can, reason in zip(row, reasons, strict=True) if can]
