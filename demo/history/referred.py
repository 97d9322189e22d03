"""Stories that go from one organisation to another, as far as each plot says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from demo.history.desk import answer_here, answer_words
from demo.history.hours import Hours
from demo.history.people import World
from demo.history.photo import photo
from demo.history.plots import Ending, Plot
from demo.history.telling import bring_back, conclude, contradict
from directory.enums import ServiceType
from directory.models import Organisation, User
from directory.roles import Role
from feedback.enums import CaseState
from feedback.models import Case
from referrals import actions
from referrals.actions.consent import Receiver
from referrals.actions.sending import Wish
from referrals.enums import ConsentGiver, ConsentMethod, Level, NonSuccess, RecallReason, Refusal
from referrals.models import Referral

E = Ending
BY_AN_AGENCY, WITH_CONSENT, ASKED_FIRST, STARTED = 0.25, 0.15, 0.2, 0.4
QUESTION = "Dans quel quartier exactement, et depuis quand ?"
REPLY = "Près du forage, depuis environ trois semaines. La personne ne souhaite pas donner son nom."
NOTE = "Passer par le bureau avant d’y retourner : le technicien a les pièces."
REQUEST = "Merci de vérifier sur place et de nous dire ce qui peut être fait."
REFUSALS = (Refusal.HORS_MANDAT, Refusal.HORS_ZONE, Refusal.SANS_CAPACITE, Refusal.NON_ELIGIBLE)
SERVICE_OF = {
    "shelter": "shelter",
    "food_security": "food",
    "health": "health",
    "nutrition": "nutrition",
    "wash": "wash",
}
SERVICE_FOR = {
    "PROT": "mhpss",
    "PROT.vbg": "gbv_case",
    "PROT.pe": "child_protection",
    "PROT.ltb": "legal",
    "PROT.autre": "safety",
}


@dataclass
class Referred:
    """One referral under way: the case, who sent it, who holds it."""

    plot: Plot
    case: Case
    world: World
    hours: Hours
    sender: User
    receiver: Organisation
    holder: User
    referral: Referral

    def accept(self) -> None:
        """Taken on, sometimes after a question."""
        rng = self.hours.rng
        if rng.random() < ASKED_FIRST:
            actions.ask(self.referral.pk, words=QUESTION, by=self.holder, at=self.hours.after(2, 20))
            actions.reply(self.referral.pk, words=REPLY, by=self.sender, at=self.hours.after(2, 24))
        actions.accept(self.referral.pk, by=self.holder, at=self.hours.after(3, 80))

    def start(self) -> None:
        actions.start(self.referral.pk, by=self.holder, at=self.hours.after(4, 60))

    def answer(self) -> None:
        """A response, an adjustment or a service, within the deadline or not."""
        rng = self.hours.rng
        self.accept()
        if rng.random() < STARTED:
            self.start()
        words, kind = answer_words(self.plot, rng)
        late = 400 if rng.random() < 0.22 else 0
        at = self.hours.after(10 + late, 200 + late)
        actions.answer(self.referral.pk, kind=kind, words=words, by=self.holder, at=at)
        self.case.refresh_from_db()

    def refuse(self) -> None:
        rng = self.hours.rng
        competent = self.world.receiver(self.case, self.sender, rng, but=self.receiver)
        code = rng.choice(REFUSALS).value
        actions.refuse(self.referral.pk, code=code, competent=competent, by=self.holder, at=self.hours.after(4, 60))
        self.case.refresh_from_db()


def refer(plot: Plot, case: Case, handler: User, world: World, hours: Hours) -> bool:
    """Sends the case on and lets the plot happen. False when nobody could receive it: nothing was done."""
    sender = _sender(case, handler, world, hours)
    receiver = world.receiver(case, sender, hours.rng)
    holder = world.holder(case, receiver) if receiver is not None else None
    if receiver is None or holder is None:
        return False
    made = actions.create if plot.ending == E.DRAFT else actions.create_and_send
    wish = _wish(plot, case, receiver, sender, hours)
    referral = made(case.pk, wish, by=sender, at=hours.after(1, 24))
    ENDINGS[plot.ending](Referred(plot, case, world, hours, sender, receiver, holder, referral))
    return True


def _sender(case: Case, handler: User, world: World, hours: Hours) -> User:
    """The desk, or now and then the concerned organisation's own focal point."""
    if case.is_restricted or case.concerned is None or hours.rng.random() > BY_AN_AGENCY:
        return handler
    own = world.with_role(Role.FOCAL_POINT, case.place, case.concerned)
    return own[0] if own else handler


def _wish(plot: Plot, case: Case, receiver: Organisation, sender: User, hours: Hours) -> Wish:
    service = SERVICE_OF.get(case.sector, "") if plot.category == "ASSIST" else SERVICE_FOR.get(plot.category, "")
    level = Level.MATTER
    if hours.rng.random() < WITH_CONSENT:
        level = Level.PERSON
        actions.grant_consent(
            case.pk,
            Receiver(receiver.pk),
            words=True,
            name=False,
            contact=True,
            method=ConsentMethod.ORAL.value,
            giver=ConsentGiver.SELF.value,
            language=plot.language,
            by=sender,
            at=hours.after(0.2, 2),
        )
    return Wish(
        receiver_id=receiver.pk,
        request=REQUEST,
        level=level.value,
        service=ServiceType(service).value if service else "",
    )


def _stay(_story: Referred) -> None:
    """As it was sent, or not even sent."""


def _received(story: Referred) -> None:
    actions.receive(story.referral.pk, by=story.holder, at=story.hours.after(1, 20))


def _info_requested(story: Referred) -> None:
    actions.ask(story.referral.pk, words=QUESTION, by=story.holder, at=story.hours.after(1, 20))


def _in_progress(story: Referred) -> None:
    """Under way: the receiver notes something for itself, and shows the sender what it found."""
    story.accept()
    story.start()
    at = story.hours.moment
    actions.write_note(story.referral.pk, words=NOTE, by=story.holder, at=at)
    if not story.case.is_restricted:
        actions.attach(story.referral.pk, content=photo(), name="Visite.jpg", by=story.holder, at=at)


def _fed_back(story: Referred) -> None:
    """Told by voice, and nobody has closed it yet."""
    story.answer()
    bring_back(story.case, story.sender, story.hours)
    story.referral.refresh_from_db()
    answer = story.case.latest_answer
    if story.referral.state == "answered" and answer is not None:
        at = story.hours.after(1, 20)
        actions.feed_back(story.referral.pk, how=str(answer.told_how), by=story.sender, at=at)


def _closed(story: Referred) -> None:
    story.answer()
    bring_back(story.case, story.sender, story.hours)
    conclude(story.case, story.sender, story.hours)


def _reopened(story: Referred) -> None:
    story.answer()
    bring_back(story.case, story.sender, story.hours)
    contradict(story.case, story.hours)


def _forwarded(story: Referred) -> None:
    """ "Not us, them": the next hop answers."""
    story.refuse()
    rng = story.hours.rng
    receiver = story.world.receiver(story.case, story.sender, rng, but=story.receiver)
    holder = story.world.holder(story.case, receiver) if receiver is not None else None
    if receiver is None or holder is None:
        answer_here(story.plot, story.case, story.sender, story.hours)
        return
    wish = Wish(receiver_id=receiver.pk, request=REQUEST)
    at = story.hours.after(1, 30)
    story.referral = actions.forward(story.referral.pk, wish, by=story.sender, at=at)
    story.receiver, story.holder = receiver, holder
    _closed(story)


def _recalled(story: Referred) -> None:
    reason = story.hours.rng.choice([RecallReason.SENT_IN_ERROR, RecallReason.SOLVED]).value
    _received(story)
    actions.recall(story.referral.pk, reason=reason, by=story.sender, at=story.hours.after(2, 40))


def _unsuccessful(story: Referred) -> None:
    """It came to nothing: the desk says so itself, and the case ends there."""
    story.accept()
    reason = story.hours.rng.choice([NonSuccess.MANQUE_CAPACITE, NonSuccess.CLIENT_INJOIGNABLE]).value
    at = story.hours.after(30, 300)
    actions.answer(story.referral.pk, kind="unsuccessful", reason=reason, by=story.holder, at=at)
    story.case.refresh_from_db()
    if story.case.state == CaseState.TRIAGED:
        answer_here(story.plot, story.case, story.sender, story.hours)


ENDINGS: dict[Ending, Callable[[Referred], None]] = {
    E.DRAFT: _stay,
    E.SENT: _stay,
    E.RECEIVED: _received,
    E.INFO_REQUESTED: _info_requested,
    E.ACCEPTED: Referred.accept,
    E.IN_PROGRESS: _in_progress,
    E.ANSWERED: Referred.answer,
    E.REFUSED: Referred.refuse,
    E.FORWARDED: _forwarded,
    E.RECALLED: _recalled,
    E.FED_BACK: _fed_back,
    E.CLOSED: _closed,
    E.UNSUCCESSFUL: _unsuccessful,
    E.REOPENED: _reopened,
}
