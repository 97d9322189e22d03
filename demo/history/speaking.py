"""How an invented person speaks: by which door, and what is known of them."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from core.actors import robot
from core.receipt_number import new_number
from demo.history.people import World
from demo.history.plots import Plot
from directory.enums import NOT_SAID, AgeGroup, Disability, PopulationStatus, Sex
from directory.models import User
from feedback.actions import enter
from feedback.actions.receive import Spoken, receive
from feedback.enums import SafeContact, SpeakerMode
from feedback.models import Case

DOOR = robot("demo")
AT_THE_DESK = ("help_desk", "voice", "paper", "relay")
SEX = {Sex.FEMALE.value: 52, Sex.MALE.value: 38, NOT_SAID: 10}
AGE = {AgeGroup.ADULT.value: 62, AgeGroup.OLDER.value: 12, AgeGroup.CHILD.value: 6, NOT_SAID: 20}
DISABILITY = {Disability.NO.value: 55, Disability.YES.value: 8, NOT_SAID: 37}
STATUS = {
    PopulationStatus.IDP.value: 45,
    PopulationStatus.HOST.value: 28,
    PopulationStatus.RETURNEE.value: 10,
    PopulationStatus.REFUGEE.value: 5,
    NOT_SAID: 12,
}


def speak(plot: Plot, world: World, *, safe_contact: str) -> Case | None:
    """The person says it; None when what they said is sealed. The numbers they are given are nobody's."""
    rng = plot.rng
    said = spoken(plot, world, rng, safe_contact=safe_contact)
    if plot.channel not in AT_THE_DESK:
        return receive(said, by=DOOR)
    operator = desk_of(plot, world)
    return enter(said, by=operator, at=plot.received_at).case


def source_key(plot: Plot) -> str:
    """What names this case to the doors."""
    return f"demo:{plot.seed}:{plot.number}"


def desk_of(plot: Plot, world: World) -> User:
    """Who typed it in, or sorts it: somebody who answers for the place."""
    return world.operator(world.places[plot.place], Random(f"desk:{plot.seed}:{plot.number}"))


def spoken(plot: Plot, world: World, rng: Random, *, safe_contact: str) -> Spoken:
    """The words and the profile; a paper form is typed in days after it was said."""
    late = timedelta(days=rng.uniform(2, 12)) if plot.channel == "paper" else timedelta(0)
    is_group = plot.channel == "help_desk" and rng.random() < 0.06
    return Spoken(
        source_key=source_key(plot),
        receipt_number="" if plot.channel in AT_THE_DESK else new_number(),
        words=plot.words,
        channel=plot.channel,
        received_at=plot.received_at,
        said_at=plot.received_at - late,
        phone=_phone(plot, safe_contact),
        contact="Par la personne relais du quartier" if safe_contact == SafeContact.RELAY else "",
        language=plot.language,
        place=world.places[plot.place],
        safe_contact=safe_contact,
        mode=_mode(plot, rng, is_group=is_group),
        group_women=rng.randrange(5, 20) if is_group else None,
        group_men=rng.randrange(2, 15) if is_group else None,
        is_delicate=plot.is_sealed and plot.channel in ("web", "help_desk"),
        **profile(rng),
    )


def profile(rng: Random) -> dict[str, Any]:
    """Sex, age group, disability, status; each may not have been said."""
    chances = {"sex": SEX, "age_group": AGE, "disability": DISABILITY, "population_status": STATUS}
    return {name: rng.choices(list(ways), weights=list(ways.values()))[0] for name, ways in chances.items()}


def _phone(plot: Plot, safe_contact: str) -> str:
    return plot.phone if plot.channel == "sms" or safe_contact in (SafeContact.SMS, SafeContact.CALL) else ""


def _mode(plot: Plot, rng: Random, *, is_group: bool) -> str:
    if is_group:
        return SpeakerMode.GROUP.value
    proxy = plot.channel in AT_THE_DESK and rng.random() < 0.2
    return SpeakerMode.PROXY.value if proxy else SpeakerMode.SELF.value
