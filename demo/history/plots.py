"""What is to be invented, decided from a seed and a date before any row exists."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import TypeVar

from django.utils import timezone

from demo.casting import BAMAKO, GAO, MENAKA, SEVARE, TOMBOUCTOU
from demo.corpus import corpus
from feedback.screening import built_in

Item = TypeVar("Item")
PLAN_BEGAN, PLAN_ENDED = date(2020, 10, 1), date(2022, 12, 20)
YEAR = 365
# Days in which what is over had time to be.
SHORTEST = 12
# Every so many cases of all lanes, one is sealed; of the others, this share belongs to the plan's own years.
SEALED_SHARE, PAST_SHARE = 0.105, 0.55
# Of the sealed ones, those that nobody has opened yet.
FRESH_SHARE = 0.08
SEALED_YEARS = ((date(2020, 10, 5), 0.08), (date(2021, 1, 10), 0.50), (date(2022, 1, 10), 0.20))


class Ending(StrEnum):
    """How far a case has come. The names of referral states say where its last referral stands."""

    NEW = "new"
    TRIAGED = "triaged"
    ANSWERED_HERE = "answered_here"
    SETTLED_HERE = "settled_here"
    TOLD_HERE = "told_here"
    NO_ANSWER_WANTED = "no_answer_wanted"
    THANKS = "thanks"
    TEST = "test"
    UNINTELLIGIBLE = "unintelligible"
    MERGED = "merged"
    PROTECTED = "protected"
    REOPENED_HERE = "reopened_here"
    DRAFT = "draft"
    SENT = "sent"
    RECEIVED = "received"
    INFO_REQUESTED = "info_requested"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    REFUSED = "refused"
    FORWARDED = "forwarded"
    RECALLED = "recalled"
    FED_BACK = "fed_back"
    CLOSED = "closed"
    UNSUCCESSFUL = "unsuccessful"
    REOPENED = "reopened"


E = Ending
# Of what is over, and of what still goes on; the numbers are shares.
OVER: dict[Ending, int] = {
    E.CLOSED: 36, E.FORWARDED: 10, E.FED_BACK: 6, E.UNSUCCESSFUL: 6, E.SETTLED_HERE: 15, E.TOLD_HERE: 15,
    E.NO_ANSWER_WANTED: 2, E.MERGED: 2, E.PROTECTED: 1,
}  # fmt: skip
GOING_ON: dict[Ending, int] = {
    E.SENT: 6, E.RECEIVED: 4, E.INFO_REQUESTED: 4, E.ACCEPTED: 6, E.IN_PROGRESS: 6, E.ANSWERED: 5, E.DRAFT: 2,
    E.REFUSED: 3, E.REOPENED: 3, E.RECALLED: 1, E.NEW: 8, E.TRIAGED: 6, E.ANSWERED_HERE: 4, E.REOPENED_HERE: 2,
}  # fmt: skip
GOING_ON_SHARE = 0.14
# How many days ago what still goes on was said: as a rule in time for the promise that runs on it, now and then too
# long ago. A story's time runs to the present, so that what was told last is always recent.
LATE_SHARE = 0.28
IN_TIME: dict[Ending, tuple[float, float]] = {
    E.NEW: (0.05, 0.8), E.SENT: (0.4, 1.2), E.RECEIVED: (0.4, 1.4), E.INFO_REQUESTED: (0.4, 1.4),
    E.TRIAGED: (0.4, 2.0), E.DRAFT: (0.4, 2.0), E.REFUSED: (0.8, 2.2), E.RECALLED: (0.8, 2.2),
    E.ACCEPTED: (1.0, 6.0), E.IN_PROGRESS: (2.0, 8.0), E.ANSWERED: (2.0, 6.0), E.ANSWERED_HERE: (1.0, 6.0),
    E.REOPENED: (2.0, 3.4), E.REOPENED_HERE: (1.0, 1.8),
}  # fmt: skip
TOO_LATE: dict[Ending, tuple[float, float]] = {E.NEW: (3.2, 6.0)} | dict.fromkeys(
    (E.ACCEPTED, E.IN_PROGRESS, E.ANSWERED, E.ANSWERED_HERE, E.REOPENED), (17.0, 28.0)
)
WEIGHTS: dict[str, int] = {
    "INFO": 12, "ASSIST": 14, "SUGG": 4, "RUMEUR": 4, "INSAT_MIN": 7, "INSAT_MAJ": 8, "INSAT_MAJ.ciblage": 9,
    "INSAT_MAJ.qualite": 6, "INSAT_MAJ.acces": 5, "CODE_CONDUITE": 2, "CODE_CONDUITE.harcel": 1,
    "CODE_CONDUITE.represailles": 1, "FRAUDE": 3, "FRAUDE.paiement": 3, "FRAUDE.nepotisme": 2, "PROT": 2,
    "PROT.vbg": 2, "PROT.pe": 2, "PROT.mines": 2, "PROT.ltb": 3, "PROT.autre": 1, "SECU": 2, "DONNEES": 2,
    "HORS_CHAMP": 3, "A_CLARIFIER": 2,
}  # fmt: skip
# What ends at the desk by its nature.
BY_NATURE = {E.THANKS: "MERCI", E.TEST: "TEST", E.UNINTELLIGIBLE: "A_CLARIFIER"}
PLACES = {SEVARE: 26, GAO: 24, TOMBOUCTOU: 16, MENAKA: 14, BAMAKO: 8, "ML0501": 4, "ML0504": 4, "ML0702": 4}
CHANNELS = {"sms": 40, "help_desk": 22, "web": 14, "voice": 14, "paper": 7, "relay": 3}


@dataclass(frozen=True)
class Plot:
    """One case to invent. `category` is "EAS" for a sealed one; `told_by` then says who spoke."""

    number: int
    received_at: datetime
    ending: Ending
    category: str
    language: str
    sector: str
    words: str
    summary: str
    place: str
    channel: str
    is_past: bool
    seed: str

    @property
    def is_sealed(self) -> bool:
        return self.category == "EAS"

    @property
    def rng(self) -> Random:
        """This case's own chance: what happens in one changes nothing in another."""
        return Random(f"{self.seed}:{self.number}")

    @property
    def phone(self) -> str:
        """A number nobody has: +223 0000 and four digits, none that the demonstration's telephone offers."""
        return f"+2230000{1000 + self.number % 7900:04d}"


def plots(seed: int, cases: int, now: datetime) -> list[Plot]:
    """In: seed, how many of every lane, today. Out: what is to happen, oldest first. Same in, same out."""
    rng = Random(seed)
    sealed = max(2, round(cases * SEALED_SHARE))
    endings = _endings(rng, max(0, cases - sealed))
    categories = _categories(rng, endings)
    made = [
        _plot(rng, number, ending, category, now, seed)
        for number, (ending, category) in enumerate(zip(endings, categories, strict=True))
    ]
    made += [
        _sealed_plot(rng, len(made) + rank, 1 - (rank + 1) / sealed, now, seed, is_last=rank == 0)
        for rank in range(sealed)
    ]
    return sorted(made, key=lambda plot: (plot.received_at, plot.number))


def digest(made: Sequence[Plot]) -> str:
    """SHA-256 of everything planned."""
    return hashlib.sha256("\n".join(map(repr, made)).encode()).hexdigest()


def _endings(rng: Random, count: int) -> list[Ending]:
    """Every ending at least once as long as there is room, the rest by their shares."""
    wanted = [*GOING_ON, *OVER, *BY_NATURE]
    once = list(dict.fromkeys(wanted))[:count]
    going_on = _drawn(rng, GOING_ON, round(max(0, count - len(once)) * GOING_ON_SHARE))
    by_nature = [E.THANKS, E.THANKS, E.TEST, E.UNINTELLIGIBLE] * (count // 80)
    over = _drawn(rng, OVER, max(0, count - len(once) - len(going_on) - len(by_nature)))
    return [*once, *going_on, *by_nature, *over][:count]


def _categories(rng: Random, endings: list[Ending]) -> list[str]:
    """One for each ending, each category in its turn before chance has its say."""
    free = [index for index, ending in enumerate(endings) if ending not in BY_NATURE]
    rounds = 3 if len(free) > 5 * len(WEIGHTS) else 1
    deck = [code for code in WEIGHTS for _round in range(rounds)]
    rng.shuffle(deck)
    deck = deck[: len(free)] + _drawn(rng, WEIGHTS, max(0, len(free) - len(deck)))
    rng.shuffle(deck)
    given = dict(zip(free, deck, strict=True))
    return [given.get(index) or BY_NATURE[ending] for index, ending in enumerate(endings)]


def _plot(rng: Random, number: int, ending: Ending, category: str, now: datetime, seed: int) -> Plot:
    message = rng.choice(corpus("words")["categories"][category]["messages"])
    is_past = ending not in GOING_ON and rng.random() < PAST_SHARE
    words = message["words"] if not built_in().found_in(message["words"]) else message["summary"]
    return Plot(
        number=number,
        received_at=_moment(rng, ending, is_past=is_past, now=now),
        ending=ending,
        category=category,
        language=message["language"],
        sector=message["sector"],
        words=words,
        summary=message["summary"],
        place=_drawn(rng, PLACES, 1)[0],
        channel=_drawn(rng, CHANNELS, 1)[0],
        is_past=is_past,
        seed=str(seed),
    )


def _sealed_plot(rng: Random, number: int, share: float, now: datetime, seed: int, *, is_last: bool) -> Plot:
    sealed = corpus("words")["sealed"]
    message = sealed[number % len(sealed)]
    began = _sealed_year(share)
    # However few there are, one waits for whoever is on duty.
    is_fresh = is_last or share > 1 - FRESH_SHARE
    return Plot(
        number=number,
        received_at=_sealed_moment(rng, began, now, is_fresh=is_fresh),
        ending=Ending.NEW,
        category="EAS",
        language=message["language"],
        sector=message["sector"],
        words=message["words"],
        summary="",
        place=_drawn(rng, PLACES, 1)[0],
        channel=_drawn(rng, CHANNELS, 1)[0],
        is_past=began is not None,
        seed=str(seed),
    )


def _sealed_year(share: float) -> date | None:
    """When the year begins to which this share of the sealed cases belongs; None for the last twelve months."""
    for began, width in SEALED_YEARS:
        if share < width:
            return began
        share -= width
    return None


def _sealed_moment(rng: Random, began: date | None, now: datetime, *, is_fresh: bool) -> datetime:
    """`is_fresh`: of the last hours, for whoever is on duty to open."""
    if is_fresh:
        return now - timedelta(hours=rng.uniform(3, 40) if rng.random() < LATE_SHARE else rng.uniform(0.1, 0.8))
    if began is None:
        return now - timedelta(days=rng.uniform(4, YEAR - 5))
    days = 80 if began.year == 2020 else 300
    return _at_noon(began + timedelta(days=rng.randrange(days)), rng)


def _moment(rng: Random, ending: Ending, *, is_past: bool, now: datetime) -> datetime:
    """A day in the plan's years; or, of the last twelve months, recent enough for what still goes on."""
    if is_past:
        return _at_noon(PLAN_BEGAN + timedelta(days=rng.randrange((PLAN_ENDED - PLAN_BEGAN).days)), rng)
    if ending in GOING_ON:
        least, most = TOO_LATE.get(ending, (8.0, 20.0)) if rng.random() < LATE_SHARE else IN_TIME[ending]
        return now - timedelta(days=rng.uniform(least, most))
    # More and more people speak: the last months have the most.
    return now - timedelta(days=SHORTEST + (YEAR - SHORTEST) * rng.random() ** 1.6)


def _at_noon(day: date, rng: Random) -> datetime:
    """An hour at which people speak."""
    return timezone.make_aware(datetime.combine(day, time(rng.randrange(7, 19), rng.randrange(60))))


def _drawn(rng: Random, weights: dict[Item, int], count: int) -> list[Item]:
    return rng.choices(list(weights), weights=list(weights.values()), k=count)
