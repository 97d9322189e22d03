"""What another organisation calls a matter, and our category for it: as somebody decided once, never guessed."""

from __future__ import annotations

from dataclasses import dataclass

from core.index import Mark, keyed_hash, lifted
from core.spelling import plain
from directory.models import Organisation
from feedback.models import Category, SourceWord
from feedback.screening import suggests_sea

# Longer than this it is a sentence, and no name of a category.
LONGEST = 60


@dataclass(frozen=True)
class Meaning:
    """Our category, if any; whether it is for the intake officers; whether somebody still has to decide."""

    category: Category | None = None
    is_delicate: bool = False
    is_undecided: bool = False


class KnownWords:
    """The words of one source, read once. A category's own code means itself."""

    def __init__(self, source: Organisation) -> None:
        self.source = source
        self.categories = {plain(category.code): category for category in Category.objects.all()}
        decided = SourceWord.objects.decided().filter(source=source).select_related("category")
        self.decided = {lifted(row.word_hash): row.category for row in decided}

    def meaning(self, word: str) -> Meaning:
        """As somebody decided. Until then, a word that suggests sexual exploitation or abuse is delicate."""
        if not word:
            return Meaning()
        key = hash_of(self.source, word)
        if key in self.decided:
            found = self.decided[key]
        elif (found := self.categories.get(plain(word))) is None:
            return Meaning(is_delicate=suggests_sea(word), is_undecided=True)
        return Meaning(found, is_delicate=found is not None and found.is_vault)


def may_mean(word: str, category: Category | None) -> bool:
    """Whether somebody may decide so: a word that suggests abuse stays with trained people, of the vault or named."""
    guarded = category is not None and (category.is_vault or bool(category.restricted_kind))
    return guarded or not suggests_sea(word)


def hash_of(source: Organisation, word: str) -> Mark:
    """What a word is found by: its case, accents and spaces do not count."""
    return keyed_hash(f"{source.pk}\x1f{plain(word)}", "source-word")


def words_of(source: Organisation) -> list[SourceWord]:
    """Every word that is known of a source; those to be decided first, then as a dictionary has them."""
    rows = list(SourceWord.objects.filter(source=source).select_related("category"))
    return sorted(rows, key=lambda row: (row.decided_at is not None, plain(row.unsealed("word"))))
