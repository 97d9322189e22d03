"""Invented sealed cases: their two tracks, walked by the handlers with their own keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from demo.history.hours import Hours
from demo.history.people import World
from demo.history.plots import Ending, Plot
from demo.history.speaking import source_key, speak
from directory.enums import ServiceType
from directory.models import User
from directory.roles import Role
from feedback.enums import SafeContact
from feedback.source_keys import row_id, sealed_source
from psea import actions
from psea.databases import VAULT
from psea.enums import Consent, Known, ReclassifiedAs, ToldAbout
from psea.models import AssistanceOffer, SealedCase
from psea.readers import Reader
from psea.tags import id_from

SERVICES = (ServiceType.CLINICAL_CARE, ServiceType.MHPSS, ServiceType.SAFETY, ServiceType.LEGAL, ServiceType.MATERIAL)
# What became of one offered service, as acts after the offer; the numbers are shares.
ASSISTANCE: dict[tuple[str, ...], int] = {
    ("accept", "refer", "confirm_service"): 30,
    ("accept", "refer"): 12,
    ("accept", "refer", "fail_service"): 4,
    ("accept",): 30,
    ("decline",): 10,
    ("defer",): 4,
    ("mark_unreachable",): 5,
    ("mark_unsafe",): 3,
    ("accept", "withdraw"): 2,
}
TAKEN = ("acknowledge", "assess", "investigate")
# How far the entity went, as acts after transmission.
ACCOUNTABILITY: dict[tuple[str, ...], int] = {
    (*TAKEN, "substantiate"): 16,
    (*TAKEN, "not_substantiate"): 14,
    (*TAKEN, "lack_information"): 12,
    ("acknowledge", "assess", "not_investigate"): 12,
    ("acknowledge", "assess", "close_otherwise"): 6,
    TAKEN: 14,
    ("acknowledge", "assess"): 10,
    ("acknowledge",): 8,
    (): 8,
}
UNOPENED, PROTECTED_WITHIN = timedelta(hours=60), timedelta(days=3)
# Reopened ones are of the last months: what was reopened in past years is over too.
RECLASSIFIED, OUTSIDE, NOT_OURS, REOPENED = 0.06, 0.06, 0.08, 0.3
# What is not over yet; of past years everything is.
UNDECIDED = (TAKEN, TAKEN[:2], TAKEN[:1], ())


@dataclass
class Keys:
    """The handlers' opened keys, and who they are."""

    world: World
    readers: Mapping[int, Reader]
    officers: list[User] = field(init=False)

    def __post_init__(self) -> None:
        self.officers = self.world.with_role(Role.PSEA_INTAKE_OFFICER)

    def of(self, user: User) -> Reader:
        return self.readers[user.pk]

    def entity_people(self, organisation_id: int) -> list[User]:
        """Who is habilitated at this entity, the investigation function last."""
        people = self.world.with_role(Role.PSEA_FOCAL_POINT)
        return [user for user in people if user.organisation_id == organisation_id]

    @property
    def entities(self) -> list[int]:
        """Entities with somebody to receive, in order."""
        return sorted({user.organisation_id for user in self.world.with_role(Role.PSEA_FOCAL_POINT)})


@dataclass
class Sealed:
    """One sealed case under way."""

    case_id: UUID
    plot: Plot
    keys: Keys
    hours: Hours
    officer: User
    child: Known = Known.UNKNOWN

    @property
    def reader(self) -> Reader:
        return self.keys.of(self.officer)

    def open(self) -> None:
        """Opened, and its routing facts extracted."""
        rng = self.hours.rng
        at = self.hours.after(0.5, 9)
        self.child = rng.choices([Known.NO, Known.YES, Known.UNKNOWN], weights=[60, 18, 22])[0]
        actions.open_case(case_id=self.case_id, reader=self.reader, by=self.officer, at=at)
        actions.extract_facts(
            case_id=self.case_id,
            reader=self.reader,
            by=self.officer,
            at=self.hours.after(0.1, 1),
            survivors=rng.choices([1, 2, 3], weights=[72, 20, 8])[0],
            place_pcode=self.plot.place,
            child=self.child,
            danger=rng.choices([Known.NO, Known.YES, Known.UNKNOWN], weights=[70, 12, 18])[0],
            services=tuple(one.value for one in rng.sample(SERVICES, 1)),
        )

    def assist(self) -> None:
        """Each service offered, and what the person did with the offer. It never waits for the other track."""
        offers = AssistanceOffer.objects.using(VAULT).filter(survivor__case=self.case_id).order_by("survivor_id")
        for offer in sorted(offers, key=lambda one: (one.survivor.created_at, str(one.pk))):
            hours = Hours(self.hours.moment, self.hours.limit, self.hours.rng)
            acts = hours.rng.choices(list(ASSISTANCE), weights=list(ASSISTANCE.values()))[0]
            for act in ("offer", *acts):
                actions.move_offer(
                    offer_id=offer.pk,
                    act=act,
                    reader=self.reader,
                    by=self.officer,
                    at=hours.after(1, 22),
                    consent_by=Consent.CAREGIVER if self.child == Known.YES else Consent.PERSON,
                )

    def transmit(self) -> int:
        """To the concerned entity. Out: which."""
        organisation = self.hours.rng.choice(self.keys.entities)
        at = self.hours.after(2, 26)
        actions.transmit(case_id=self.case_id, organisation_id=organisation, reader=self.reader, by=self.officer, at=at)
        return organisation

    def pursue(self, organisation: int) -> None:
        """The entity's own steps; the person is told of the decision and the outcome by the officer."""
        rng = self.hours.rng
        handler = self.keys.entity_people(organisation)[0]
        ways = {acts: share for acts, share in ACCOUNTABILITY.items() if acts not in UNDECIDED or not self.plot.is_past}
        acts = rng.choices(list(ways), weights=list(ways.values()))[0]
        for step, act in enumerate(acts):
            at = self.hours.after(6, 60) if step == 0 else self.hours.after(100, 700)
            actions.advance(case_id=self.case_id, act=act, by=handler, at=at)
        if acts not in UNDECIDED:
            self.inform(ToldAbout.OUTCOME)
            if rng.random() < REOPENED and not self.plot.is_past:
                actions.reopen(case_id=self.case_id, by=self.officer, at=self.hours.after(200, 900))

    def inform(self, about: ToldAbout) -> None:
        at = self.hours.after(4, 70)
        was_told = self.hours.rng.random() < 0.8
        actions.inform_person(
            case_id=self.case_id,
            about=about,
            was_told=was_told,
            on=at.date(),
            reader=self.reader,
            by=self.officer,
            at=at,
        )


def tell(plot: Plot, world: World, keys: Keys, now: datetime) -> None:
    """Makes it happen: for one that was to be sealed, one that somebody protected later, and one whose words the
    screening sealed.
    """
    if plot.is_sealed:
        speak(plot, world, safe_contact=SafeContact.NONE.value)
        follow(source_key(plot), plot, keys, Hours(plot.received_at, now, plot.rng))
    elif plot.ending == Ending.PROTECTED:
        source = f"protect:{row_id(source_key(plot), 'case')}"
        follow(source, plot, keys, Hours(plot.received_at + PROTECTED_WITHIN, now, plot.rng))
    elif SealedCase.objects.using(VAULT).filter(pk=id_from(sealed_source(source_key(plot)))).exists():
        follow(source_key(plot), plot, keys, Hours(plot.received_at, now, plot.rng))


def follow(source: str, plot: Plot, keys: Keys, hours: Hours) -> None:
    """What became of a sealed case. The freshest are left unopened, for whoever is on duty."""
    if hours.limit - plot.received_at < UNOPENED:
        return
    case = Sealed(id_from(sealed_source(source)), plot, keys, hours, hours.rng.choice(keys.officers))
    case.open()
    if hours.rng.random() < RECLASSIFIED:
        _reclassify(case)
        return
    case.assist()
    if hours.rng.random() < OUTSIDE:
        at = hours.after(3, 30)
        actions.reach_outside(case_id=case.case_id, reader=case.reader, by=case.officer, at=at)
        return
    entity = case.transmit()
    if hours.rng.random() < NOT_OURS:
        actions.not_ours(case_id=case.case_id, by=keys.entity_people(entity)[0], at=hours.after(5, 50))
        entity = case.transmit()
    case.inform(ToldAbout.TRANSMISSION)
    case.pursue(entity)


def _reclassify(case: Sealed) -> None:
    as_what = case.hours.rng.choice([ReclassifiedAs.GBV_OR_CHILD, ReclassifiedAs.CODE_OF_CONDUCT])
    actions.reclassify(
        case_id=case.case_id,
        as_what=as_what,
        no_disclosure=False,
        reader=case.reader,
        by=case.officer,
        at=case.hours.after(1, 12),
    )
