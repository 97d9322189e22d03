"""Takes cases into the sums that figures are read from, and proves that the sums equal a recount.

Only a job writes sums, so no act waits for another at a row that they share: an act says that its case is open to be
counted again (`feedback.tallied.counts_again`), in its own transaction, and figures count it as it stands meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import count
from operator import or_
from typing import Any

from django.db import connection, models, transaction
from django.db.models import BooleanField, Count, F, Q, QuerySet, Value, When
from django.db.models import Case as If
from django.db.models.functions import Cast, Coalesce, Greatest, TruncDate

from feedback import statistics as voices
from feedback.models import Case, CaseFacts, CohortTally, VoiceTally, WaitTally
from feedback.models.tally import Tally
from feedback.tallied import EVERYWHERE, FACETS, ON_FACTS, month_of, open_cases
from referrals import statistics as cohorts
from referrals.agency_sums import COUNTS as OF_REFERRALS
from referrals.agency_sums import OF_FACTS, ordinary
from referrals.models import Referral, ReferralFacts, ReferralTally
from referrals.statistics import FACTS, facts_of

BATCH = 1000
COUNTRY = Value(EVERYWHERE)
KEYS = ("month", "day", "pcode", "facet", "value", "other")
SUMS: tuple[type[Tally], ...] = (VoiceTally, CohortTally, WaitTally)
Sums = tuple[type[Tally], Sequence[str], QuerySet[Any]]


def take_in(limit: int = BATCH) -> int:
    """Takes so many open cases into the sums, those that nobody is acting on; returns how many were taken."""
    with transaction.atomic():
        skips = connection.features.has_select_for_update_skip_locked
        rows = Case.objects.filter(pk__in=open_cases()).order_by("received_at").select_for_update(skip_locked=skips)
        taken = list(rows.values_list("pk", flat=True)[:limit])
        if not taken:
            return 0
        known, cases = CaseFacts.objects.filter(pk__in=taken), Case.objects.filter(pk__in=taken)
        _add(known, sign=-1)
        known.delete()
        # A referral goes on for another case when its own is found to repeat it.
        handed = ReferralFacts.objects.filter(Q(case__in=taken) | Q(referral__case__in=taken))
        _add_referrals(handed, sign=-1)
        handed.delete()
        _insert(CaseFacts, list(FACTS), facts_of(cases))
        _insert(ReferralFacts, REFERRAL_FACTS, referral_facts_of(ordinary().filter(case__in=taken)))
        _add(CaseFacts.objects.filter(pk__in=taken))
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
def take_in_anew() -> None:
    """Empties the sums, and makes them of every case in one statement each: for a first start, or a restored backup."""
    kept: tuple[type[models.Model], ...] = (CaseFacts, ReferralFacts, *SUMS, ReferralTally)
    for model in kept:
        model._default_manager.all().delete()
    Case.objects.filter(is_tallied=False).update(is_tallied=True)
    _insert(CaseFacts, list(FACTS), facts_of(Case.objects.all()))
    _insert(ReferralFacts, REFERRAL_FACTS, referral_facts_of(ordinary()))
    _add(CaseFacts.objects.all())
    _add_referrals(ReferralFacts.objects.all())


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
    _insert(ReferralTally, [*keys, *names], _referral_sums(facts, sign), keys=keys, adds=names)


def _sums_of(facts: QuerySet[CaseFacts], sign: int = 1) -> Iterator[Sums]:
    """Every sum that these facts make: the model, the names of its counts, rows of keys and counts."""
    said = facts.filter(is_ordinary=True)
    yield from _of(VoiceTally, said, "received_at", VOICES, voices.facts_that(Q()), sign)
    sent = facts.filter(first_sent__isnull=False)
    yield from _of(CohortTally, sent, "first_sent", COHORTS, cohorts.facts_that(None), sign)
    answered = {"answered": Q(pk__isnull=False)}
    waited = sent.filter(days__isnull=False)
    for place, day in ((COUNTRY, "first_answer"), (F("pcode"), "")):
        keys = _keys("first_sent", day, place, "days", ())
        yield WaitTally, ["answered"], _grouped(waited, keys, answered, sign, F("days"))


# When each count happened.
VOICES = {"received_at": ("said", "triaged", "referred", "answered", "told"), "settled_at": ("settled", "spoke")}
COHORTS = {
    "first_sent": ("referred",),
    "first_answer": ("answered", "on_time"),
    "settled_at": ("confirmed",),
    "first_response": ("responses",),
    "first_adjustment": ("adjustments",),
    "first_service": ("services",),
}


def _of(
    model: type[Tally],
    facts: QuerySet[CaseFacts],
    entered: str,
    happened: Mapping[str, Sequence[str]],
    counts: Mapping[str, Q],
    sign: int,
) -> Iterator[Sums]:
    """Day by day, by place and by each facet of the country; and by facet and place as of now."""
    for moment, names in happened.items():
        which = {name: counts[name] for name in names}
        rows = facts.filter(reduce(or_, which.values()))
        yield model, list(which), _grouped(rows, _keys(entered, moment, F("pcode"), "", ()), which, sign)
        for facet, parts in FACETS.items():
            yield model, list(which), _grouped(rows, _keys(entered, moment, COUNTRY, facet, parts), which, sign)
    for facet, parts in FACETS.items():
        yield model, list(counts), _grouped(facts, _keys(entered, "", F("pcode"), facet, parts), counts, sign)


def _keys(entered: str, happened: str, place: Any, facet: str, parts: Sequence[str]) -> list[Any]:
    """`happened` "": on the first day of the month, as of now."""
    month = month_of(entered)
    entry = TruncDate(entered)
    day = month if not happened else entry if happened == entered else Greatest(TruncDate(happened), entry)
    said = [F(ON_FACTS[part]) for part in parts]
    return [month, day, place, Value(facet), *said, *[Value("")] * (2 - len(said))]


def _grouped(
    rows: QuerySet[CaseFacts], keys: list[Any], which: Mapping[str, Q], sign: int, *more: Any
) -> QuerySet[Any]:
    named = {f"key_{number}": key for number, key in enumerate([*keys, *more])}
    counts = {f"n_{name}": sign * Count("pk", filter=each) for name, each in which.items()}
    return rows.order_by().values(**named).annotate(**counts).values_list(*named, *counts)


def _add(facts: QuerySet[CaseFacts], sign: int = 1) -> None:
    for model, names, rows in _sums_of(facts, sign):
        keys = [*KEYS, *(["days"] if model is WaitTally else [])]
        _insert(model, [*keys, *names], rows, keys=keys, adds=names)


def _insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: QuerySet[Any],
    *,
    keys: Sequence[str] = (),
    adds: Sequence[str] = (),
) -> None:
    """INSERT … SELECT, in the order of `columns`; where `keys` are there already, `adds` are added to them."""
    sql, params = rows.query.sql_with_params()
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
    for model in SUMS:
        keys = [*KEYS, *(["days"] if model is WaitTally else [])]
        names = [field.name for field in model._meta.fields if field.has_default()]
        kept = {row[: len(keys)]: list(row[len(keys) :]) for row in model._default_manager.values_list(*keys, *names)}
        for key, counts in _recounted(model, names).items():
            if kept.pop(key, [0] * len(names)) != counts:
                yield f"{model.__name__} {key}: not the sum of the facts"
        yield from (f"{model.__name__} {key}: a sum of nothing" for key, counts in kept.items() if any(counts))


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


def _recounted(model: type[Tally], names: Sequence[str]) -> dict[tuple[Any, ...], list[int]]:
    found: dict[tuple[Any, ...], list[int]] = {}
    for of, counted, rows in _sums_of(CaseFacts.objects.all()):
        if of is not model:
            continue
        for row in rows:
            key, counts = row[: -len(counted)], row[-len(counted) :]
            known = found.setdefault(key, [0] * len(names))
            for name, number in zip(counted, counts, strict=True):
                known[names.index(name)] += number
    return found
