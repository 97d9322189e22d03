"""Takes cases into the sums that figures are read from, and proves that the sums equal a recount.

Only a job writes sums, so no act waits for another at a row that they share: an act says that its case is open to be
counted again (`feedback.tallied.counts_again`), in its own transaction, and figures count it as it stands meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any

from django.db import connection, models, transaction
from django.db.models import BooleanField, Count, F, QuerySet, When
from django.db.models import Case as If
from django.db.models.functions import Cast, Coalesce

from feedback.models import Case, CaseFacts, CohortTally, KeptSums, VoiceTally, WaitTally
from feedback.models.tally import Tally
from feedback.tallied import keeps_pairs, month_of, open_cases
from referrals.agency_sums import COUNTS as OF_REFERRALS
from referrals.agency_sums import OF_FACTS, ordinary
from referrals.every_fact import every_fact
from referrals.models import Referral, ReferralFacts, ReferralTally
from referrals.statistics import FACTS, facts_of
from referrals.tally_rows import Rows, key_names, rows_of

BATCH = 1000
SUMS: tuple[type[Tally], ...] = (VoiceTally, CohortTally, WaitTally)
Say = Callable[[str], None]


def _quietly(done: str) -> None:
    """Says nothing."""


def take_in(limit: int = BATCH) -> int:
    """Takes so many open cases into the sums, those that nobody is acting on; returns how many were taken."""
    with transaction.atomic():
        skips = connection.features.has_select_for_update_skip_locked
        rows = Case.objects.filter(pk__in=open_cases()).order_by("received_at").select_for_update(skip_locked=skips)
        taken = list(rows.values_list("pk", flat=True)[:limit])
        if not taken:
            return 0
        paired = _locked_pairs()
        known, cases = CaseFacts.objects.filter(pk__in=taken), Case.objects.filter(pk__in=taken)
        _add(known, sign=-1, paired=paired)
        known.delete()
        # A referral goes on for another case when its own is found to repeat it.
        theirs = Referral.objects.filter(case__in=taken).order_by().values("pk")
        handed = ReferralFacts.objects.filter(
            pk__in=ReferralFacts.objects.filter(case__in=taken).values("pk").union(theirs, all=True)
        )
        _add_referrals(handed, sign=-1)
        handed.delete()
        _insert(CaseFacts, list(FACTS), facts_of(cases))
        _insert(ReferralFacts, REFERRAL_FACTS, referral_facts_of(ordinary().filter(case__in=taken)))
        _add(CaseFacts.objects.filter(pk__in=taken), paired=paired)
        _add_referrals(ReferralFacts.objects.filter(case__in=taken))
        cases.update(is_tallied=True)
    return len(taken)


def take_in_all(batches: int | None = None) -> int:
    """As many as there are, or as fit in so many batches; returns how many."""
    total = 0
    for _batch in count() if batches is None else range(batches):
        taken = take_in()
        total += taken
        if not taken:
            break
    return total


@transaction.atomic
def pair(say: Say = _quietly) -> bool:
    """Makes the sums that an earlier version did not keep, out of the facts; returns whether any were missing.

    No act waits meanwhile, and figures stay as they are until all is made. Once no process of that version is left: it
    knows nothing of them, and would take a case out of the others only.
    """
    if _locked_pairs():
        return False
    _take_room()
    for rows in rows_of(CaseFacts.objects.all(), first=False, paired=True):
        _add_rows(rows)
        say(_named(rows))
    KeptSums.objects.update_or_create(pk=1, defaults={"paired": True})
    return True


@transaction.atomic
def take_in_anew(say: Say = _quietly) -> None:
    """Empties the sums, and makes them of every case, set by set: for a first start, or a restored backup.

    Acts on cases wait until it is over. `say`: is told what is done.
    """
    _locked_pairs()
    _take_room()
    kept: tuple[type[models.Model], ...] = (CaseFacts, ReferralFacts, *SUMS, ReferralTally)
    for model in kept:
        model._default_manager.all().delete()
    say("emptied")
    Case.objects.filter(is_tallied=False).update(is_tallied=True)
    _insert(CaseFacts, list(FACTS), every_fact())
    say(f"facts of {CaseFacts.objects.count()} cases")
    _insert(ReferralFacts, REFERRAL_FACTS, referral_facts_of(ordinary()))
    _add_referrals(ReferralFacts.objects.all())
    say("referrals")
    for rows in rows_of(CaseFacts.objects.all(), paired=True):
        _add_rows(rows)
        say(_named(rows))
    KeptSums.objects.update_or_create(pk=1, defaults={"paired": True})


def tidy(say: Say = _quietly) -> None:
    """After so many rows have changed at once, PostgreSQL plans badly until it has cleaned. Outside a transaction."""
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        kept: tuple[type[models.Model], ...] = (Case, CaseFacts, ReferralFacts, *SUMS, ReferralTally)
        with connection.cursor() as cursor:
            for model in kept:
                cursor.execute(f"vacuum (analyze) {connection.ops.quote_name(model._meta.db_table)}")
        say("cleaned")


def _named(rows: Rows) -> str:
    return f"{rows.model.__name__}: {', '.join(rows.counts)}"


def _locked_pairs() -> bool:
    """Whether the sums of pairs are kept; until the end of the transaction, nobody else writes sums."""
    return any(KeptSums.objects.select_for_update().values_list("paired", flat=True))


def _take_room() -> None:
    """Sums of millions are made in memory."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("set local work_mem = '128MB'")


def differences() -> list[str]:
    """What of the sums differs from a recount of the cases that they hold: empty when they are right.

    Of cases that are open to be counted again, figures take nothing from the sums: their facts are old on purpose.
    """
    return [*_wrong_facts(), *_wrong_sums(), *_wrong_referrals()]


def referral_facts_of(rows: QuerySet[Referral]) -> QuerySet[Any]:
    """REFERRAL_FACTS of counted referrals, in their order."""
    counts = [Coalesce(Cast(If(When(which, then=True), default=False), BooleanField()), False) for which in JUDGED]
    return rows.order_by().values_list("pk", "case", "receiver", "refusal_code", "first_sent_at", *counts)


JUDGED = [which for name, which in OF_REFERRALS.items() if name != "received"]
REFERRAL_FACTS = (
    *("referral_id", "case_id", "receiver_id", "refusal_code", "first_sent_at"),
    *(f"was_{name}" for name in OF_REFERRALS if name != "received"),
)


def _referral_sums(facts: QuerySet[ReferralFacts], sign: int = 1) -> QuerySet[Any]:
    keys = {"key_month": month_of("first_sent_at"), "key_receiver": F("receiver"), "key_code": F("refusal_code")}
    counts = {f"n_{name}": sign * Count("pk", filter=which) for name, which in OF_FACTS.items()}
    return facts.order_by().values(**keys).annotate(**counts).values_list(*keys, *counts)


def _add_referrals(facts: QuerySet[ReferralFacts], sign: int = 1) -> None:
    keys = ("month", "receiver_id", "refusal_code")
    names = list(OF_FACTS)
    _put(ReferralTally, [*keys, *names], *_referral_sums(facts, sign).query.sql_with_params(), keys=keys, adds=names)


def _add(facts: QuerySet[CaseFacts], sign: int = 1, *, paired: bool) -> None:
    for rows in rows_of(facts, sign, paired=paired):
        _add_rows(rows)


def _add_rows(rows: Rows) -> None:
    _put(rows.model, [*rows.keys, *rows.counts], rows.sql, rows.params, keys=rows.keys, adds=rows.counts)


def _insert(model: type[models.Model], columns: Sequence[str], rows: QuerySet[Any]) -> None:
    _put(model, columns, *rows.query.sql_with_params())


def _put(
    model: type[models.Model],
    columns: Sequence[str],
    sql: str,
    params: Sequence[Any],
    *,
    keys: Sequence[str] = (),
    adds: Sequence[str] = (),
) -> None:
    """INSERT … SELECT, in the order of `columns`; where `keys` are there already, `adds` are added to them."""
    table = connection.ops.quote_name(model._meta.db_table)
    zeros = [field.attname for field in model._meta.fields if field.has_default() and field.attname not in columns]
    listed = ", ".join([*columns, *zeros])
    chosen = f"SELECT r.*{', 0' * len(zeros)} FROM ({sql}) AS r WHERE true"  # noqa: S608  our own names
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in adds)
    clash = f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}" if adds else ""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({listed}) {chosen}{clash}", params)


def _wrong_facts() -> Iterator[str]:
    held = Case.objects.filter(is_tallied=True).exclude(pk__in=open_cases())
    kept = {row[0]: row for row in CaseFacts.objects.filter(is_stale=False).values_list(*FACTS)}
    for row in facts_of(held).iterator():
        if kept.get(row[0]) != row:
            yield f"case {row[0]}: its facts are not what the sums hold of it"


def _wrong_sums() -> Iterator[str]:
    found: dict[type[Tally], dict[tuple[str, ...], Counter[str]]] = {model: {} for model in SUMS}
    for rows in rows_of(CaseFacts.objects.all(), paired=keeps_pairs()):
        with connection.cursor() as cursor:
            cursor.execute(rows.sql, rows.params)
            for row in cursor:
                key = tuple(map(str, row[: len(rows.keys)]))
                counted = dict(zip(rows.counts, row[len(rows.keys) :], strict=True))
                found[rows.model].setdefault(key, Counter()).update(counted)
    for model in SUMS:
        yield from _wrong_sums_of(model, found[model])


def _wrong_sums_of(model: type[Tally], found: dict[tuple[str, ...], Counter[str]]) -> Iterator[str]:
    names = [field.name for field in model._meta.fields if field.has_default()]
    for row in model._default_manager.values(*key_names(model), *names).iterator():
        key = tuple(str(row[name]) for name in key_names(model))
        kept, counted = Counter({name: row[name] for name in names}), found.pop(key, Counter[str]())
        if kept != counted:
            yield f"{model.__name__} {key}: {'not the sum of the facts' if counted else 'a sum of nothing'}"
    yield from (
        f"{model.__name__} {key}: not the sum of the facts" for key, each in found.items() if any(each.values())
    )


def _wrong_referrals() -> Iterator[str]:
    fresh = CaseFacts.objects.filter(is_stale=False).values("pk")
    kept = set(ReferralFacts.objects.filter(case__in=fresh).values_list(*REFERRAL_FACTS))
    for row in kept ^ set(referral_facts_of(ordinary().filter(case__in=fresh))):
        yield f"referral {row[0]}: its facts are not what the sums hold of it"
    names = list(OF_FACTS)
    sums = {
        row for row in ReferralTally.objects.values_list("month", "receiver", "refusal_code", *names) if any(row[3:])
    }
    for row in sums ^ set(_referral_sums(ReferralFacts.objects.all())):
        yield f"ReferralTally {row[:3]}: not the sum of the facts"
