"""The screening's word lists: a word added, switched off, put back, once one has seen what that would do.

Who finds more may do so alone: the officers on duty, who read what people write, and the coordination of PSEA. Who
finds less is the coordination alone, and says why. Administrators and the rest of the working group have no part in
it: what is added tells what was reported, and what is switched off opens a way around the vault.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.transitions import Refused
from directory.models import User
from directory.roles import Role
from feedback.enums import WordAct
from feedback.models import ScreeningChange
from feedback.screening import lists_as_written, version
from feedback.screening_entries import Change, Standing, changes_up_to, standing
from feedback.screening_preview import Preview, preview, raw_of
from feedback.spelling import folded

MAY_RAISE = (Role.PSEA_COORDINATOR, Role.PSEA_INTAKE_OFFICER)
MAY_LOWER = (Role.PSEA_COORDINATOR,)
LONGEST, MOST_PARTS, FEWEST_LETTERS = 60, 6, 2
# Words, spaces and apostrophes; `*` where a word ends, `~` alone between two.
SHAPE = re.compile(r"(?!~)(?:[^\W_]+(?:['’][^\W_]+)*\*?|\*|~)(?: (?:[^\W_]+(?:['’][^\W_]+)*\*?|\*|~))*(?<!~)")
A_NUMBER = re.compile(r"\d{4}")
MOVED_ON = gettext_lazy("Les listes ont changé entre-temps : regardez à nouveau ce que ce changement ferait.")


def preview_change(change: Change, *, by: User, at: datetime | None = None) -> Preview:
    """What it would do. Looking is an act too, for it counts on messages that people wrote. Raises Refused."""
    refuse_unfit(change, by=by)
    audit.record("feedback.screening.preview", by=by, at=at, language=change.entry.language, what=change.act)
    return preview(change, by=by, at=at)


@transaction.atomic
def keep_change(change: Change, *, reason: str, seen: int, by: User, at: datetime | None = None) -> ScreeningChange:
    """The change, in force from the next message on. `seen`: the number that its preview was worked out from.

    Raises Refused: not theirs, no reason, nothing to change, too broad or too costly, or the lists moved on.
    """
    refuse_unfit(change, by=by)
    if not reason.strip():
        raise Refused(_("Dites pourquoi : les personnes qui viennent après vous le liront."))
    seen_again = preview(change, by=by, at=at)
    if seen_again.seen != seen:
        raise Refused(MOVED_ON)
    if seen_again.refusal is not None:
        raise Refused(seen_again.refusal)
    row = ScreeningChange(
        number=seen + 1,
        language=change.entry.language,
        effect=change.entry.effect,
        act=change.act,
        made_by=by,
        made_at=at or timezone.now(),
    )
    row.seal(entry=change.entry.words, reason=reason.strip())
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(MOVED_ON) from error
    audit.record(
        "feedback.screening.change", by=by, target=row, at=at, language=row.language, what=row.act, effect=row.effect
    )
    return row


def refuse_unfit(change: Change, *, by: User) -> None:
    """Raises Refused with a sentence when this change cannot be, or not by this person."""
    if not by.has_role(*(MAY_LOWER if change.lowers else MAY_RAISE)):
        raise Refused(_("Trouver moins de messages se décide à la coordination PEAS seulement."))
    if change.entry.language not in {raw["language"] for raw in lists_as_written()}:
        raise Refused(_("Cette langue n’a pas de liste."))
    _refuse_misshapen(change.entry.words)
    _refuse_beside(change, standing_of(change.entry.language).get(change.entry.key))


def standing_of(language: str) -> dict[tuple[str, str], Standing]:
    """Every entry of a language's list as it stands now, by key. Raises KeyError for a language without a list."""
    known = version()
    changes = changes_up_to(known[0]) if known else []
    return standing(raw_of(language), [one for one in changes if one.entry.language == language])


def _refuse_misshapen(words: str) -> None:
    if A_NUMBER.search(words):
        raise Refused(_("Un mot de la liste ne contient pas de numéro : personne ne doit s’y reconnaître."))
    letters = folded(words).replace(" ", "")
    parts = words.split(" ")
    if len(words) > LONGEST or len(parts) > MOST_PARTS or len(letters) < FEWEST_LETTERS or not SHAPE.fullmatch(words):
        raise Refused(
            _(
                "Écrivez un mot ou une courte expression : des lettres, « * » pour toutes les fins d’un mot, "
                "« ~ » entre deux mots qui peuvent être séparés."
            )
        )


def _refuse_beside(change: Change, known: Standing | None) -> None:
    if change.act == WordAct.ADD and known is not None:
        raise Refused(_("Ce mot est déjà dans la liste.") if known.is_on else _("Ce mot est éteint : remettez-le."))
    if change.act != WordAct.ADD and known is None:
        raise Refused(_("Ce mot n’est pas dans la liste : recopiez-le tel qu’elle l’écrit."))
    if known is not None and change.act == (WordAct.PUT_BACK if known.is_on else WordAct.SWITCH_OFF):
        raise Refused(_("C’est déjà fait."))
