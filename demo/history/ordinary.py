"""One case of the ordinary or restricted lane, from the first word to where its plot leaves it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from demo.history import desk
from demo.history.hours import Hours
from demo.history.people import World
from demo.history.plots import Ending, Plot
from demo.history.referred import ENDINGS, refer
from demo.history.speaking import speak
from demo.history.telling import safe_contact_for

E = Ending


@transaction.atomic
def tell(plot: Plot, world: World, now: datetime) -> None:
    """Makes it happen, by the product's own actions at invented times; all of it or nothing."""
    case = speak(plot, world, safe_contact=safe_contact_for(plot))
    hours = Hours(plot.received_at, now, plot.rng)
    if case is None or plot.ending == E.NEW:
        return
    if plot.ending in desk.SET_ASIDE:
        desk.set_aside(plot, case, world, hours)
        return
    handler = desk.sort_out(plot, case, world, hours)
    if plot.ending in ENDINGS:
        if not refer(plot, case, handler, world, hours):
            desk.answer_here(plot, case, handler, hours)
    elif plot.ending == E.MERGED:
        desk.join(case, handler, hours)
    elif plot.ending == E.PROTECTED:
        desk.seal_away(case, handler, hours)
    elif plot.ending == E.NO_ANSWER_WANTED:
        desk.want_no_answer(case, handler, hours)
    elif plot.ending != E.TRIAGED:
        desk.answer_here(plot, case, handler, hours)
