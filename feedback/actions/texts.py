"""The fixed texts: written anew, approved by somebody who speaks the language, put back as their file says."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.sms_encoding import measure
from core.transitions import Refused
from directory.models import User
from feedback.models import LineWriting, TextVersion
from feedback.neutral import telling_names, telling_words
from feedback.sms_texts import fallback_language, file_text, placeholders, sample_values, wording

MOST_SEGMENTS = 3
# What posters and radio tell people to send: the same in every language.
KEYWORDS = re.compile(r"\b(SUIVI|AIDE|STOP|START|LANGUE|OUI|NON|REOUVRIR|ANNULER)\b")


@transaction.atomic
def write_text(name: str, language: str, words: str, *, by: User, at: datetime | None = None) -> TextVersion:
    """A new wording, which leaves only once it is approved. Raises Refused."""
    words = " ".join(words.split())
    refuse_unfit(name, language, words)
    if wording(name, language).words == words:
        raise Refused(_("Ces mots sont déjà ceux du texte."))
    version = TextVersion.objects.create(
        name=name, language=language, words=words, written_by=by, written_at=at or timezone.now()
    )
    audit.record("feedback.text.write", by=by, target=version, at=at, name=name, language=language)
    return version


@transaction.atomic
def approve_text(
    name: str, language: str, *, seen: str, speaker: str, by: User, at: datetime | None = None
) -> TextVersion:
    """Somebody who speaks the language has read these very words (`seen`) and stands by them. Raises Refused."""
    if not speaker.strip():
        raise Refused(_("Dites qui parle cette langue et a lu ce texte."))
    now, current = at or timezone.now(), wording(name, language)
    if current.words != seen:
        raise Refused(_("Le texte a changé entre-temps : relisez-le avant de l’approuver."))
    if current.is_approved:
        raise Refused(_("Ce texte est déjà approuvé."))
    version = current.version or TextVersion(
        name=name, language=language, words=current.words, written_by=by, written_at=now
    )
    version.approved_by, version.approved_at, version.speaker = by, now, speaker.strip()
    version.save()
    audit.record("feedback.text.approve", by=by, target=version, at=at, name=name, language=language)
    return version


@transaction.atomic
def restore_text(name: str, language: str, *, by: User, at: datetime | None = None) -> TextVersion:
    """Back to the file, with the approval its language has there. Raises Refused."""
    if wording(name, language).version is None:
        raise Refused(_("Ce texte est déjà celui d’origine."))
    version = TextVersion.objects.create(name=name, language=language, written_by=by, written_at=at or timezone.now())
    audit.record("feedback.text.restore", by=by, target=version, at=at, name=name, language=language)
    return version


@transaction.atomic
def keep_line_writing(line: str, price: Decimal | None, folded: list[str], *, by: User) -> LineWriting:
    """What a segment costs by this line, and the languages it folds."""
    row, _made = LineWriting.objects.update_or_create(
        line=line, defaults={"segment_price": price, "folded": sorted(folded)}
    )
    audit.record("feedback.line_writing.change", by=by, line=line, price=str(price or ""), folded=" ".join(folded))
    return row


def refuse_unfit(name: str, language: str, words: str) -> None:
    """Raises Refused with a sentence when these words may not be this text."""
    if not words:
        raise Refused(_("Écrivez le texte."))
    _refuse_lost_placeholders(name, words)
    lost = set(KEYWORDS.findall(file_text(language, name) or "")) - set(KEYWORDS.findall(words))
    if lost:
        raise Refused(_("Gardez le mot %(words)s : c’est lui que les gens envoient.") % {"words": _listed(lost)})
    told = telling_words(words) | telling_names(words)
    if told:
        raise Refused(
            _(
                "Un SMS peut être lu par d’autres : il ne dit ni agence, ni sujet, ni « plainte ». "
                "À retirer : %(words)s."
            )
            % {"words": _listed(told)}
        )
    segments = measure(words.format(**sample_values())).segments
    if segments > MOST_SEGMENTS:
        raise Refused(_("Ce texte ferait %(count)s SMS : pas plus de trois.") % {"count": segments})


def _refuse_lost_placeholders(name: str, words: str) -> None:
    wanted = placeholders(file_text(fallback_language(), name) or "")
    try:
        found = placeholders(words)
    except ValueError as error:
        raise Refused(_("Une accolade est restée ouverte.")) from error
    if wanted - found:
        missing = _listed({f"{{{one}}}" for one in wanted - found})
        raise Refused(_("Gardez %(words)s : c’est rempli à l’envoi.") % {"words": missing})
    if found - wanted:
        extra = _listed({f"{{{one}}}" for one in found - wanted})
        raise Refused(_("Retirez %(words)s : rien ne le remplirait.") % {"words": extra})


def _listed(words: set[str]) -> str:
    return ", ".join(f"« {word} »" for word in sorted(words))
