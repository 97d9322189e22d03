"""Training: a banner on every page, nothing leaves, and what was said is a test for good, in every lane."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail

from core import outbox
from core.actors import PERSON
from core.gateways.console import ConsoleGateway
from core.models import Outbound
from core.periods import Period, Quarter
from core.receipt_number import new_number
from core.transitions import Refused
from feedback import statistics as feedback
from feedback.actions import protect, reclassify, triage
from feedback.actions.lines import try_line
from feedback.actions.receive import Spoken, receive
from feedback.models import Case, Category
from psea import statistics as psea
from psea.models import SealedCase
from referrals import statistics as referrals
from referrals.actions import create_and_send
from referrals.actions.sending import Wish
from tests.access import table
from tests.access.addresses import path_of
from tests.access.world import World
from tests.feedback.making import sorting

pytestmark = pytest.mark.once

BANNER = 'class="training-banner"'
WATER = "Le forage du quartier est en panne."
SEA = "Un agent de l'ONG demande des faveurs sexuelles contre la carte d'assistance."


def said(words: str, key: str) -> Case | None:
    return receive(
        Spoken(
            source_key=f"training:{key}",
            receipt_number=new_number(),
            words=words,
            channel="sms",
            received_at=datetime.now(UTC),
            phone="+22300000041",
        ),
        by=PERSON,
    )


def this_quarter() -> Period:
    return Quarter.current().period


@pytest.mark.parametrize("name", sorted(name for name in table.OUR_PUBLIC if name.startswith("feedback:")))
def test_every_public_page_says_that_it_is_an_exercise(world: World, settings: Any, db: None, name: str) -> None:
    if table.OUR_PUBLIC[name] == table.SEND:
        pytest.skip("no page")
    if name == "feedback:offline_worker":
        pytest.skip("a script, not a page")
    path = path_of(name, {})
    assert BANNER not in world.client("").get(path).content.decode()
    settings.TRAINING = True
    page = world.client("").get(path).content.decode()
    assert BANNER in page
    assert "N’écrivez ici rien de vrai" in page


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("awa", "/cases/"),
        ("oumar", "/referrals/"),
        ("aminata", "/vault/"),
        ("robert", "/dashboard/"),
        ("djeneba", "/settings/"),
        ("", "/compte/login/"),
        ("", "/nulle-part/"),
    ],
)
def test_every_kind_of_page_bears_the_banner(world: World, settings: Any, db: None, who: str, path: str) -> None:
    settings.TRAINING = True
    assert BANNER in world.client(who).get(path, follow=True).content.decode()


def test_those_who_keep_the_settings_are_told_how_to_leave(world: World, settings: Any, db: None) -> None:
    settings.TRAINING = True
    address = 'href="/settings/training/"'
    assert address in world.client("djeneba").get("/dashboard/").content.decode()
    assert address not in world.client("oumar").get("/dashboard/").content.decode()
    assert "TRAINING=0" in world.client("djeneba").get("/settings/training/").content.decode()


def test_no_sms_and_no_mail_leaves_and_each_is_marked(settings: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[str] = []

    def send(self: ConsoleGateway, to: str, body: str, *, reference: str) -> str:
        left.append(body)
        return "id"

    monkeypatch.setattr(ConsoleGateway, "send", send)
    settings.TRAINING = True
    mail.outbox.clear()
    sms = outbox.queue_sms("+22300000041", "Recu", kind=Outbound.Kind.RECEIPT)
    letter = outbox.queue_mail("awa@jaabi.example", "Un avis", "Ouvrez Jaabi.")
    rows = Outbound.objects.filter(pk__in=[sms.pk, letter.pk])
    assert set(rows.values_list("state", "reason")) == {("failed", "training")}
    assert all(row.body is None and row.recipient is None for row in rows), "nothing of it is kept"
    settings.TRAINING = False
    assert {sms.pk, letter.pk}.isdisjoint(outbox.due_ids())
    outbox.deliver(sms.pk)
    outbox.deliver(letter.pk)
    assert (left, mail.outbox) == ([], []), "nor does it leave afterwards"


def test_a_line_is_not_tried_in_training(world: World, settings: Any, db: None) -> None:
    settings.TRAINING = True
    with pytest.raises(Refused, match="Entraînement"):
        try_line("console", "+22300000041", by=world.cast.adama)


def test_a_case_of_training_is_never_counted_whatever_becomes_of_it(world: World, settings: Any, db: None) -> None:
    period, cast = this_quarter(), world.cast
    before = feedback.said(period), referrals.referred_cohort(period).referred
    settings.TRAINING = True
    case = said(WATER, "ordinary")
    assert case is not None
    settings.TRAINING = False
    triage(case.pk, sorting("INSAT_MAJ"), by=cast.awa)
    create_and_send(case.pk, Wish(cast.organisations["hcr"].pk), by=cast.awa)
    reclassify(case.pk, category=Category.objects.get(pk="INSAT_MIN"), by=cast.awa)
    case.refresh_from_db()
    assert (case.is_test, case.in_training) == (True, True)
    assert (feedback.said(period), referrals.referred_cohort(period).referred) == before
    real = said(WATER, "real")
    assert real is not None
    assert feedback.said(period) == before[0] + 1


def test_a_sealed_case_of_training_is_never_counted_either(world: World, settings: Any, db: None) -> None:
    before = psea.live_counts().cases
    settings.TRAINING = True
    assert said(SEA, "sealed") is None
    case = said(WATER, "to be protected")
    assert case is not None
    settings.TRAINING = False
    protect(case.pk, by=world.cast.awa)
    assert psea.live_counts().cases == before
    assert SealedCase.objects.using("vault").filter(is_test=True).count() == 2
    assert said(SEA, "really sealed") is None
    assert psea.live_counts().cases == before + 1
