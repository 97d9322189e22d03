"""Whatever people do, in whatever order: no illegal state, no clock lost, nothing shown to who may not see it.

What they do is in `any_order/`, with what must hold (`holds`) and what the test itself remembers (`known`).
A long run: `JAABI_EXAMPLES=300 JAABI_STEPS=80 pytest tests/referrals/test_any_order.py`.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis.stateful import INVARIANT_MARKER, run_state_machine_as_test

from tests.cast import Cast
from tests.referrals.any_order.acts import WAYS
from tests.referrals.any_order.consents import Consents
from tests.referrals.any_order.handovers import Handovers
from tests.referrals.any_order.holds import Holds
from tests.referrals.any_order.joining import Joining

EXAMPLES, STEPS = int(os.environ.get("JAABI_EXAMPLES", "5")), int(os.environ.get("JAABI_STEPS", "20"))


HELD = [name for name, one in vars(Holds).items() if hasattr(one, INVARIANT_MARKER)]


class AnyOrder(Consents, Handovers, Joining, Holds):
    """All of it, at once."""


def test_each_rule_does_something(cast: Cast) -> None:
    """One walk past all of them: none of what chance tries is refused whatever came before."""
    walk = AnyOrder()
    walk.begin()
    plain, answered, restricted, _implicating, person = walk.known
    known = walk.known

    walk.do(plain, "refuse", "fanta", {"code": "HORS_ZONE"})
    walk.forward(plain, "awa", WAYS[1])
    walk.merge(plain, person, "awa")
    assert known[plain].case.merged_into is known[person].case

    walk.give_to_a_colleague(person, "ibrahim", "binta")
    walk.go_away("binta", "ibrahim")
    assert (known[person].responsible, known[person].lent_by) == ("ibrahim", "binta")
    walk.come_back("binta")
    assert (known[person].responsible, known[person].lent_by) == ("binta", None)
    for reader in ("binta", "awa", "fanta"):
        walk.look(person, reader)

    part = walk.split(answered, "awa")
    walk.put_question(part, "awa")
    walk.answer_by_sms(part, agrees=True)
    walk.do(part, "accept", "ibrahim", {})
    assert known[part].opens() == {"contact"}
    walk.look(part, "binta")
    walk.take_a_consent_back(part)
    walk.confirm_erasure(part)
    assert (known[part].state, known[part].is_erased) == ("recalled", True)

    walk.take_all_back(person, by_sms=True)
    assert (known[person].state, known[person].is_to_erase) == ("accepted", True)
    walk.speak_with_them(person, stops=True)
    assert known[person].state == "recalled"
    walk.protect(restricted, "salif")
    assert known[restricted].is_withdrawn
    walk.leave("ibrahim", "binta")
    assert walk.gone == {"ibrahim"}
    for held in HELD:
        getattr(walk, held)()
    walk.teardown()


def test_in_any_order_of_acts_the_rules_hold(cast: Cast) -> None:
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            suppress_health_check=list(HealthCheck),
        ),
    )
