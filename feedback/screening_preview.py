"""What a change of the screening's lists would do, before it is kept.

It is tried on two things. On the labelled set, invented, which anybody may read. And, for what would be sealed more, on
ordinary messages that a trained person has sorted as such: never on the vault, never on what is restricted or unsorted.
What it matches there is counted coarsely, so that nobody can look for a word by trying it; the words themselves are
shown only to whoever reads those cases anyway. What would be sealed less is not counted on real messages: which of the
ordinary ones the lists would find is which of them came back from the vault.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import User
from feedback import screening
from feedback.enums import Lane, WordEffect
from feedback.models import Case
from feedback.screening_entries import Change, changed, changes_up_to
from feedback.screening_set import Invented, Share, found_by, messages, of_language, share
from feedback.word_lists import Raw, WordLists

LOOKED_BACK = timedelta(days=180)
LOOKED_AT = 500
# Beyond that share of everyday messages of a language, a word would fill the vault.
TOO_BROAD = 0.2


@dataclass(frozen=True)
class OfLanguage:
    """One language of the labelled set: disclosures found and harmless messages raised, before and after."""

    language: str
    found: Share
    would_find: Share
    raised: Share
    would_raise: Share

    @property
    def changes(self) -> bool:
        return (self.found, self.raised) != (self.would_find, self.would_raise)


@dataclass(frozen=True)
class AmongOrdinary:
    """Sorted ordinary messages that would be sealed: out of how many, roughly how many (None: too few to say), and
    those of them that whoever asks may read."""

    looked_at: int
    roughly: int | None
    readable: tuple[Case, ...]


@dataclass(frozen=True)
class Preview:
    """`seen`: the number of the latest change it was worked out from. `refusal`: why it will not be kept, or None."""

    change: Change
    seen: int
    languages: tuple[OfLanguage, ...]
    gained: tuple[Invented, ...]
    lost: tuple[Invented, ...]
    among_ordinary: AmongOrdinary | None
    refusal: Promise | None


def preview(change: Change, *, by: User, at: datetime | None = None) -> Preview:
    """In: a change that could be kept. Reads, and counts; writes nothing."""
    known = screening.version()
    number = known[0] if known else 0
    before, after = screening.in_force(), with_change(change, number)
    had, has = found_by(before), _found_after(change, before, after)
    languages = tuple(_of_language(language, had, has) for language in before.lists)
    ordered = [one for one in messages() if (one in had) != (one in has)]
    raises_more = change.entry.effect == WordEffect.RAISES and not change.lowers
    return Preview(
        change=change,
        seen=number,
        languages=tuple(one for one in languages if one.changes or one.language == change.entry.language),
        gained=tuple(one for one in ordered if one in has),
        lost=tuple(one for one in ordered if one in had),
        among_ordinary=_among_ordinary(before, after, by, at or timezone.now()) if raises_more else None,
        refusal=_why_not(change, languages),
    )


def with_change(change: Change, number: int) -> WordLists:
    """The lists in force as of a number, and that change."""
    raw = raw_of(change.entry.language)
    ours = [one for one in changes_up_to(number) if one.entry.language == change.entry.language]
    return screening.in_force().with_list(changed(raw, [*ours, change]))


def raw_of(language: str) -> Raw:
    """The list of a language as it is written. Raises KeyError for one that has none."""
    return {raw["language"]: raw for raw in screening.lists_as_written()}[language]


def _found_after(change: Change, before: WordLists, after: WordLists) -> frozenset[Invented]:
    """Only what may have changed is looked at again."""
    had = found_by(before)
    if change.lowers:
        return frozenset(one for one in had if after.found_in(one.text))
    return had | {one for one in messages() if one not in had and after.found_in(one.text)}


def _of_language(language: str, had: frozenset[Invented], has: frozenset[Invented]) -> OfLanguage:
    disclosures, harmless = of_language(language, discloses=True), of_language(language, discloses=False)
    return OfLanguage(
        language, share(had, disclosures), share(has, disclosures), share(had, harmless), share(has, harmless)
    )


def _why_not(change: Change, languages: tuple[OfLanguage, ...]) -> Promise | None:
    for one in languages:
        if one.would_raise.found - one.raised.found > TOO_BROAD * one.raised.of:
            return _("Ce mot est trop courant : il ferait sceller des messages de tous les jours. Précisez-le.")
        lowered = one.would_find.found < one.found.found
        if change.lowers and lowered and one.would_find.percent < settings.SCREENING_FLOOR_PERCENT:
            return _("Trop de messages qui révèlent un abus ne seraient plus trouvés : ce changement ne se garde pas.")
    return None


def _among_ordinary(before: WordLists, after: WordLists, by: User, at: datetime) -> AmongOrdinary:
    rows = Case.objects.counted().unprotected().filter(lane=Lane.ORDINARY, triaged_at__isnull=False)
    rows = rows.filter(forgotten_at__isnull=True, received_at__gte=at - LOOKED_BACK).order_by("-received_at")
    looked_at = list(rows[:LOOKED_AT])
    matched = [case.pk for case in looked_at if _is_new(case.unsealed("words"), before, after)]
    step: int = settings.RELEASE_THRESHOLD
    return AmongOrdinary(
        looked_at=len(looked_at),
        roughly=len(matched) // step * step or None,
        readable=tuple(Case.objects.visible_to(by).filter(pk__in=matched).order_by("-received_at")),
    )


def _is_new(words: str, before: WordLists, after: WordLists) -> bool:
    return bool(words) and after.found_in(words) and not before.found_in(words)
