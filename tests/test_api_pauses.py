"""Pauses and the working group's agenda, for an organisation's own system."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from feedback.models import Case
from referrals import actions
from referrals.actions.endpoints import add_endpoint
from referrals.models import Delivery, Referral, ReferralPause
from tests.referrals.conftest import House, house
from tests.test_api import REFERRALS, Partner, partner, problem
from tests.test_api_referrals import of_hcr, read, whole

__all__ = ["house", "partner"]


def test_a_system_pauses_what_it_accepted_and_the_other_side_reads_why(
    partner: Callable[..., Partner], house: House
) -> None:
    hcr, nrc = partner("hcr"), partner()
    referral = house.sent(of_hcr(house), by=house.cast.ibrahim)
    problem(nrc.act(referral, "pause", reason="access"), 422)
    actions.accept(referral.pk, by=house.cast.fanta)
    add_endpoint(house.cast.organisations["hcr"], "SI", "https://hcr.example/hook", by=house.cast.adama)
    problem(nrc.act(referral, "pause", reason="vacances"), 400)
    problem(hcr.act(referral, "pause", reason="access"), 422)
    problem(nrc.act(referral, "pause", reason="access", seen="sent"), 409)

    said = read(nrc.act(referral, "pause", reason="access"))
    assert said["paused_at"] is not None
    assert ("resume" in said["acts"], "pause" in said["acts"]) == (True, False)
    (pause,) = whole(hcr, referral.pk)["pauses"]
    assert (pause["reason"], pause["began_at"], pause["ended_at"]) == ("access", said["paused_at"], None)
    assert ReferralPause.objects.get().began_by is None
    problem(nrc.act(referral, "pause", reason="access"), 422)

    Referral.objects.filter(pk=referral.pk).update(paused_at=timezone.now() - timedelta(days=2))
    over = read(nrc.act(referral, "resume"))
    assert (over["paused_at"], over["answer_by"] > said["answer_by"]) == (None, True)
    assert over["pauses"][0]["ended_at"] is not None
    assert Delivery.objects.filter(event="referral.changed").count() == 2, "told of each"


def test_a_system_gives_what_it_accepted_to_another_of_its_people(
    partner: Callable[..., Partner], house: House
) -> None:
    nrc, referral = partner(), house.sent()
    problem(nrc.act(referral, "assign", responsible=house.cast.fanta.email), 422)
    actions.accept(referral.pk, by=house.cast.fanta)
    assert "assign" not in whole(nrc, referral.pk)["acts"], "nobody else of theirs may have it"
    house.cast.oumar.office = None
    house.cast.oumar.save()
    assert "assign" in whole(nrc, referral.pk)["acts"]
    problem(nrc.act(referral, "assign", responsible=house.cast.ibrahim.email), 400)
    assert read(nrc.act(referral, "assign", responsible=house.cast.oumar.email))["responsible"] == "Oumar"


def test_what_was_taken_back_says_no_reason_of_a_pause(partner: Callable[..., Partner], house: House) -> None:
    referral = house.sent()
    actions.accept(referral.pk, by=house.cast.fanta)
    actions.pause(referral.pk, reason="security", by=house.cast.fanta)
    actions.recall(referral.pk, reason="sent_in_error", by=house.cast.awa)
    assert whole(partner(), referral.pk)["pauses"] == []


def test_a_system_reads_of_the_agenda_what_is_its_organisations(partner: Callable[..., Partner], house: House) -> None:
    now, hcr, nrc = timezone.now(), partner("hcr"), partner()
    late = house.sent(of_hcr(house), by=house.cast.ibrahim)
    paused, recent, restricted, of_pam = (
        house.sent(),
        house.sent(),
        house.sent(),
        house.sent(wish=house.wish("pam", None)),
    )
    actions.accept(paused.pk, by=house.cast.fanta)
    actions.pause(paused.pk, reason="access", by=house.cast.fanta)
    for referral, days in ((late, 8), (paused, 30), (recent, 6), (restricted, 30), (of_pam, 30)):
        due = now - timedelta(days=days)
        Referral.objects.filter(pk=referral.pk).update(accept_by=due, answer_by=due)
    Case.objects.filter(pk=restricted.case_id).update(lane="restricted", restricted_kind="integrity")

    def listed(who: Partner, query: str) -> list[str]:
        return [row["id"] for row in read(who.get(f"{REFERRALS}?{query}"))["results"]]

    assert listed(nrc, "agenda=on") == [str(late.pk)]
    assert listed(hcr, "agenda=on&side=sender") == [str(late.pk)]
    assert listed(hcr, "agenda=on") == []
    assert len(listed(nrc, "agenda=off")) == 3
    assert [whole(nrc, one.pk)["on_agenda"] for one in (late, paused, recent)] == [True, False, False]
    problem(nrc.get(f"{REFERRALS}?agenda=tout"), 400)
