"""What must hold after parts were killed: each message one envelope, each case one receipt, no file that tells."""

from __future__ import annotations

import re
import time
from collections import Counter

import psycopg

from bench.posts import sender
from bench.production import Production
from tests.stack.traces import traces_in_files, traces_in_redis

WORK = (
    "select (select count(*) from feedback_envelope where state = 'stored')"
    " + (select count(*) from core_outbound where state in ('queued', 'sending'))"
)
NUMBER = re.compile(r"\d{4} \d{4} \d{4}")


def settled(product: Production, messages: int, patience: float) -> bool:
    """Waits until every message is handled and nothing waits to leave; False when it takes too long."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            if _one(product, WORK) == 0 and _one(product, "select count(*) from feedback_envelope") >= messages:
                return True
        except psycopg.OperationalError:
            pass  # it is still getting up
        time.sleep(0.5)
    return False


def violations(product: Production, taken: dict[str, int], *, canary: str) -> list[str]:
    """In: the phone of each message by its id. Out: a sentence for each thing that is not as it must be."""
    return [*_messages(product, taken), *_cases(product, taken), *_receipts(product, taken), *_traces(product, canary)]


def _messages(product: Production, taken: dict[str, int]) -> list[str]:
    with product.connect() as connection:
        rows = connection.execute("select provider_id, state from feedback_envelope").fetchall()
    stored = Counter(str(provider_id) for provider_id, _state in rows)
    states = Counter(str(state) for _provider_id, state in rows)
    return _told(
        (len(taken.keys() - stored.keys()), "messages that got a 2xx are in no envelope."),
        (sum(1 for count in stored.values() if count > 1), "messages are in two envelopes."),
        (len(stored.keys() - taken.keys()), "envelopes hold a message that nobody sent."),
        (len(rows) - states["handled"], f"envelopes are not handled: {dict(states)}."),
    )


def _cases(product: Production, taken: dict[str, int]) -> list[str]:
    ordinary = _one(product, "select count(*) from feedback_case")
    added = _one(product, "select count(*) from feedback_casemessage")
    sealed = _one(product, "select count(*) from psea_sealedcase", "jaabi_vault")
    return _told(
        (abs(ordinary + sealed - len(taken)), f"cases too many or too few: {ordinary} + {sealed} of {len(taken)}."),
        (added, "messages were added to a case that another telephone began."),
        (int(sealed == 0 and len(taken) > 50), "run had no sealed case, and so tried nothing of the vault."),
    )


def _receipts(product: Production, taken: dict[str, int]) -> list[str]:
    """As the carrier saw them."""
    sent = product.standin.sent()
    by_phone = Counter(message["to"] for message in sent)
    phones = {sender(number) for number in taken.values()}
    numbers = Counter(number for message in sent for number in NUMBER.findall(message["body"]))
    return _told(
        (len(phones - by_phone.keys()), "people were sent no receipt."),
        (sum(1 for phone in phones if by_phone[phone] > 1), "people were sent their receipt twice."),
        (len(by_phone.keys() - phones), "messages went to somebody who had said nothing."),
        (sum(1 for count in numbers.values() if count > 1), "receipt numbers were given to two people."),
    )


def _traces(product: Production, canary: str) -> list[str]:
    """Of the words, and of what all telephones have in common, in every file of this run and in the queue."""
    found = []
    for text in (canary, "2237654"):
        places = traces_in_files(text, product.folder)
        places += traces_in_redis(text, product.environment["REDIS_URL"])
        found += [f"{text} can be read in {place}." for place in places]
    return found


def _told(*counted: tuple[int, str]) -> list[str]:
    return [f"{count} {what}" for count, what in counted if count]


def _one(product: Production, question: str, database: str = "jaabi") -> int:
    with product.connect(database) as connection:
        row = connection.execute(question.encode()).fetchone()
    return int(str(row[0])) if row else 0
