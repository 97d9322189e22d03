"""Stories that stay at the desk: sorted, answered, set aside, joined, protected; and the sorting of all others."""

from __future__ import annotations

from random import Random

from demo.corpus import corpus
from demo.history.hours import Hours
from demo.history.people import World
from demo.history.plots import Ending, Plot
from demo.history.speaking import desk_of
from demo.history.telling import bring_back, conclude, contradict
from directory.implicated import NOBODY, Implicated
from directory.models import User
from feedback.actions import Sorting, answer, close_because, merge, protect, triage
from feedback.enums import ClosedBecause, Priority
from feedback.models import Case, Category, ReadyAnswer

SET_ASIDE = {
    Ending.THANKS: ClosedBecause.THANKS,
    Ending.TEST: ClosedBecause.TEST,
    Ending.UNINTELLIGIBLE: ClosedBecause.UNINTELLIGIBLE,
}
FALLBACK = "Nous avons regardé votre demande et voici ce qui est décidé : une équipe passera vous voir cette semaine."
LINKED = ("FRAUDE", "CODE_CONDUITE")


def sort_out(plot: Plot, case: Case, world: World, hours: Hours) -> User:
    """Sorts the case. Out: whoever then handles it: the operator, or a named recipient of a restricted matter."""
    rng = hours.rng
    operator = desk_of(plot, world)
    category = Category.objects.get(pk=plot.category)
    concerned = world.concerned(plot.sector, rng)
    about = {"concerned": concerned, "sector": plot.sector, "priority": _priority(category, rng)}
    sorting = Sorting(
        category=category,
        summary=plot.summary,
        implicated=_implicated(plot, concerned.offices.filter(place__pcode=plot.place).first(), rng),
        about=about,
    )
    triage(case.pk, sorting, by=operator, at=hours.after(1, 30))
    case.refresh_from_db()
    if not case.is_restricted:
        return operator
    recipients = world.recipients(case)
    return rng.choice(recipients) if recipients else operator


def set_aside(plot: Plot, case: Case, world: World, hours: Hours) -> None:
    """A test, a thank-you, or what nobody can read."""
    because = SET_ASIDE[plot.ending].value
    close_because(case.pk, because=because, by=desk_of(plot, world), at=hours.after(1, 20))


def answer_here(plot: Plot, case: Case, handler: User, hours: Hours) -> None:
    """Whoever handles it answers, from the library where it has something; then as far as the plot goes."""
    rng = hours.rng
    words, ready = _words(plot, rng)
    answer(case.pk, words=words, ready_answer=ready, by=handler, at=hours.after(2, 90))
    case.refresh_from_db()
    if plot.ending == Ending.ANSWERED_HERE:
        return
    bring_back(case, handler, hours)
    if plot.ending == Ending.REOPENED_HERE:
        contradict(case, hours)
    else:
        conclude(case, handler, hours)


def want_no_answer(case: Case, handler: User, hours: Hours) -> None:
    close_because(case.pk, because=ClosedBecause.NO_ANSWER_WANTED.value, by=handler, at=hours.after(20, 100))


def join(case: Case, handler: User, hours: Hours) -> None:
    """Says that it repeats another open case of its lane, if there is one."""
    others = Case.objects.visible_to(handler).live().exclude(pk=case.pk)
    alike = others.filter(lane=case.lane, restricted_kind=case.restricted_kind).order_by("received_at")
    other = next((one for one in alike if case.implicated().is_within(one.implicated())), None)
    if other is not None:
        merge(case.pk, into_id=other.pk, by=handler, at=hours.after(1, 20))


def seal_away(case: Case, handler: User, hours: Hours) -> None:
    """Somebody read in it what belongs in the vault."""
    protect(case.pk, by=handler, at=hours.after(1, 30))


def answer_words(plot: Plot, rng: Random) -> tuple[str, str]:
    """What is told back for such a matter, and which kind of answer it is."""
    answers = [one for one in corpus("words")["categories"][plot.category]["answers"] if one["kind"] != "unsuccessful"]
    if not answers:
        return FALLBACK, "response"
    one = rng.choice(answers)
    return one["words"], one["kind"]


def _words(plot: Plot, rng: Random) -> tuple[str, ReadyAnswer | None]:
    ready = [one for one in ReadyAnswer.objects.filter(category=plot.category, language="fra") if "{" not in one.words]
    if ready and rng.random() < 0.5:
        chosen = rng.choice(ready)
        return chosen.words, chosen
    return answer_words(plot, rng)[0], None


def _priority(category: Category, rng: Random) -> str:
    if category.level >= 5:
        return Priority.EMERGENCY.value
    return Priority.URGENT.value if category.level == 4 or rng.random() < 0.12 else Priority.NORMAL.value


def _implicated(plot: Plot, office: object, rng: Random) -> Implicated:
    """For some matters of integrity, the office that is said to have done it."""
    if office is None or not plot.category.startswith(LINKED) or rng.random() > 0.4:
        return NOBODY
    return Implicated(offices=frozenset({office.pk}))  # type: ignore[attr-defined]  # an office
