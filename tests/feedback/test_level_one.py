from __future__ import annotations

import pytest

from core.transitions import Refused
from feedback.level_one import why_not_neutral
from referrals.actions import ask, refuse, reply, say
from tests.referrals.conftest import House
from tests.referrals.conftest import house as house  # noqa: PLC0414  a fixture, by its own name

NUMBER = "Mariam au 76 12 34 56 attend"
SEA = "L’agent veut coucher avec elle pour le riz"


@pytest.mark.parametrize("text", [NUMBER, "carte 0012345678", SEA])
def test_what_leads_to_the_person_does_not_travel_without_consent(house: House, text: str) -> None:
    assert why_not_neutral(text)
    with pytest.raises(Refused, match="Ce texte"):
        house.sent(wish=house.wish(request=text))
    referral, fanta = house.sent(), house.cast.fanta
    with pytest.raises(Refused, match="Ce texte"):
        ask(referral.pk, words=text, by=fanta)
    ask(referral.pk, words="Combien de familles ?", by=fanta)
    for act in (
        lambda: reply(referral.pk, words=text, by=house.cast.awa),
        lambda: say(referral.pk, words=text, by=fanta),
        lambda: refuse(referral.pk, code="HORS_ZONE", note=text, by=fanta),
    ):
        with pytest.raises(Refused, match="Ce texte"):
            act()


def test_a_date_a_quantity_and_a_price_are_no_numbers_to_hide(db: None) -> None:
    assert why_not_neutral("12 sacs de 50 kg promis le 12/03/2022, 15 000 F demandés") is None
