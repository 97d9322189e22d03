"""The telephone that one message came from, while that message is handled: what is known of it is read once."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from core.inserting import locked_or_made
from feedback import sealed_door
from feedback.actions.phone_questions import open_question
from feedback.enums import Channel, LanguageFrom
from feedback.heard import Heard
from feedback.models import Case, CaseMessage, PhonePreference, PhoneQuestion
from feedback.preferences import learn, of_language
from feedback.speaking import CLOCKS_DIFFER, of_speaking, spoke_just_now


class Telephone:
    """For a transaction: its row is locked, so that messages of one telephone are handled one after the other.

    What is no telephone (a short code, a name) has nothing of all this.
    """

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        # What we send goes out by the line they wrote to; one that cannot write is not remembered for that.
        line = heard.line if heard.channel != Channel.VOICE else ""
        self.known, self.is_new = PhonePreference(), True
        if heard.phone:
            self.known, self.is_new = locked_or_made(PhonePreference, heard.phone_hash, line=line)
        if line and not self.is_new:
            learn(self.known, line=line)

    def note_speaking(self, language: str) -> bool:
        """Notes that it spoke, and in which language ("": not known). Out: whether it had done so just before."""
        if not self._heard.phone:
            return False
        said_at = self._heard.said_at
        just_now = spoke_just_now(self.known, said_at)
        spoken = of_language(self.known, language, known_from=LanguageFrom.HEARD)
        learn(self.known, **of_speaking(self.known, said_at), **spoken)
        return just_now

    @property
    def ordered(self) -> PhoneQuestion | None:
        """What we asked it after an order of its own; one that never wrote ordered nothing."""
        return None if self.is_new else open_question(self._heard.phone_hash, self._heard.said_at)

    @cached_property
    def is_sealed(self) -> bool:
        """Whether its latest case is sealed."""
        return bool(self._heard.phone) and sealed_door.sealed_phone(self._heard.phone)

    @cached_property
    def has_cases(self) -> bool:
        """Whether there are cases of it outside the vault; of one that has none, nothing was asked about them."""
        return Case.objects.of_phone(self._heard.phone_hash).exists()

    @cached_property
    def short_question(self) -> CaseMessage | None:
        """The question put by staff that it has not answered yet; a short one closes by itself.

        What was sent before we asked, and came late, answers nothing.
        """
        if not self.has_cases:
            return None
        since = timezone.now() - timedelta(hours=settings.QUESTION_OPEN_HOURS)
        going_on = Case.objects.of_phone(self._heard.phone_hash).going_on()
        asked = CaseMessage.objects.filter(case__in=going_on, awaits_reply=True)
        questions = asked.filter(said_at__lte=self._heard.said_at + CLOCKS_DIFFER)
        return questions.filter(Q(asks="") | Q(said_at__gt=since)).order_by("-said_at").select_related("case").first()
