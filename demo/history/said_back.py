"""What is said back: notes to places, texts that staff rewrote, what an SMS costs; and how many people there are."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from core.periods import Quarter
from core.sms_encoding import fold
from core.transitions import Refused
from demo.casting import REGION_OF_OFFICE, SEVARE
from demo.corpus import corpus
from demo.history import ordinary
from demo.history.people import World
from demo.history.plots import Ending, Plot
from directory.models import Place
from directory.roles import Role
from feedback.actions.texts import approve_text, keep_line_writing, write_text
from feedback.models import ReadyAnswer
from feedback.screening import suggests_sea
from workplan.actions.notes import approve_note, draft_note, write_note
from workplan.actions.reference import keep_reference, keep_shares
from workplan.enums import Basis, Part
from workplan.models import PlaceNote
from workplan.notes import BLANK
from workplan.reference_file import Figure
from workplan.reference_shares import ShareFigure
from workplan.silence import GROUPS

INVENTED = "Chiffres inventés pour la démonstration"
DONE = "ce qui était abîmé a été échangé, et tout est contrôlé avant la distribution"
MOST_NOTES = 2
# Of a hundred people, by sex and age group in the order of GROUPS.
SHARES = (26, 21, 3, 27, 20, 3)
# Of a hundred people, who speak what first, and can use what.
SPOKEN = {"bam": 46, "ful": 10, "dts": 8, "ses": 7, "snk": 6, "mlq": 6, "taq": 4, "ara": 1}
REACH = {"sms": 62, "voice": 71, "web": 18, "radio": 80, "help_desk": 35, "relay": 48}
# What a quarter of one place was about, often enough to be said back: category, how many.
GATHERED = (("INSAT_MAJ.qualite", 16), ("INFO", 12))
FIRST_NUMBER = 5000  # beyond every other plot


def tell(world: World, seed: int, now: datetime) -> None:
    """Notes, texts, prices, reference figures: none of the pages that show them is empty."""
    keepers = world.with_role(Role.WORKING_GROUP)
    if not keepers:
        return
    keeper = keepers[0]
    write_text("restarted", "bam", _WORDS, by=keeper, at=now - timedelta(days=20))
    write_text("settled_thanks", "fra", "Merci de nous avoir répondu.", by=keeper, at=now - timedelta(days=12))
    approve_text(
        "settled_thanks",
        "fra",
        seen="Merci de nous avoir répondu.",
        speaker="comité de relecture (inventé)",
        by=keeper,
        at=now - timedelta(days=9),
    )
    keep_line_writing("console", Decimal(25), ["bam"], by=keeper)
    keep_line_writing("twilio", Decimal("42.5"), [], by=keeper)
    _references(world, Random(f"{seed}:people"), now)
    _notes(world, now)


# The file's words, its signs changed: nobody invents a sentence in a language they do not speak.
_WORDS = "A kɛra. I bɛna an ka cikanw sɔrɔ kokura. K'a jɔ: STOP."


def gather(world: World, seed: int, now: datetime) -> None:
    """A quarter in which many people of one place spoke of the same things, and had their answer."""
    rng, quarter = Random(f"{seed}:gathered"), Quarter.of(now).previous
    number = FIRST_NUMBER
    for category, count in GATHERED:
        for _each in range(count):
            ordinary.tell(_plot(number, category, quarter, rng, seed), world, now)
            number += 1


def _plot(number: int, category: str, quarter: Quarter, rng: Random, seed: int) -> Plot:
    message = rng.choice(corpus("words")["categories"][category]["messages"])
    words = message["summary"] if suggests_sea(message["words"]) else message["words"]
    return Plot(
        number=number,
        received_at=quarter.period.start + timedelta(days=rng.uniform(1, 40)),
        ending=Ending.SETTLED_HERE,
        category=category,
        language=message["language"],
        sector=message["sector"],
        words=words,
        summary=message["summary"],
        place=SEVARE,
        channel="help_desk",
        is_past=False,
        seed=str(seed),
    )


def _references(world: World, rng: Random, now: datetime) -> None:
    """Everybody is counted; of who is assisted, one region says nothing, so that "no reference" is to be seen."""
    keeper = world.with_role(Role.WORKING_GROUP)[0]
    regions = list(Place.objects.regions().order_by("pcode"))
    for basis, known, smallest, largest in (
        (Basis.POPULATION, regions, 2_000, 9_000),
        (Basis.ASSISTED, regions[1:], 300, 1_500),
    ):
        figures = [
            Figure(region, sex, age, share * rng.randrange(smallest, largest) // 10)
            for region in known
            for (sex, age), share in zip(GROUPS, SHARES, strict=True)
        ]
        as_of = (now - timedelta(days=200)).date()
        keep_reference(figures, basis=basis, source=INVENTED, as_of=as_of, by=keeper)
    shares = [ShareFigure(Part.LANGUAGE, value, Decimal(percent)) for value, percent in SPOKEN.items()]
    shares += [ShareFigure(Part.CHANNEL, value, Decimal(percent)) for value, percent in REACH.items()]
    keep_shares(shares, basis=Basis.POPULATION, source=INVENTED, as_of=as_of, by=keeper)


def _notes(world: World, now: datetime) -> None:
    """A few notes to where people spoke most, the last left as a draft."""
    keeper, quarter = world.with_role(Role.WORKING_GROUP)[0], Quarter.of(now).previous
    made: list[PlaceNote] = []
    for _back in range(4):
        for place in Place.objects.filter(pcode__in=[SEVARE, REGION_OF_OFFICE[SEVARE]]).order_by("pcode"):
            if len(made) == MOST_NOTES:
                break
            try:
                made.append(draft_note(place, quarter, by=keeper, at=quarter.period.end + timedelta(days=3)))
            except Refused:
                continue
        quarter = quarter.previous
    for note in made[:-1]:
        at = note.period.period.end + timedelta(days=5)
        texts = {name: BLANK.sub(DONE, getattr(note, name)) for name in ("radio", "poster")} | {
            "sms": BLANK.sub(fold(DONE), note.sms)
        }
        written = write_note(note.pk, **texts, by=keeper, at=at)
        approve_note(note.pk, seen=written.stamp, by=keeper, at=at + timedelta(days=2))
    ReadyAnswer.objects.filter(title="Idée non retenue").update(is_active=False)
