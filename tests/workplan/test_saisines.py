"""What the counts propose to the country team, and who works in the plan's focus: computed, from no narrative."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.transitions import Refused
from directory.enums import ServiceType
from directory.models import Place, Service
from feedback.models import Case
from tests.workplan.conftest import Tracker
from workplan.actions.saisines import end_factor, set_factor, set_proposal_aside
from workplan.enums import Breadth
from workplan.fivew_mapping import mapping_of
from workplan.models import RegisterEntry, SetAside, TriggerFactor
from workplan.saisines import proposals

SignIn = Callable[[Any], Client]
Say = Callable[..., Case]


def factor(tracker: Tracker, **more: Any) -> TriggerFactor:
    said = {"title": "Récurrence", "breadth": Breadth.CERCLE, "threshold": 5, "days": 30} | more
    return set_factor(TriggerFactor(**said), by=tracker.cast.djeneba)


def found() -> set[tuple[str, str]]:
    return {(one.factor.title, one.place.pcode if one.place else "") for one in proposals()}


def test_a_factor_proposes_where_so_many_cases_came_in_so_many_days(tracker: Tracker, said: Say) -> None:
    factor(tracker, category_id="INSAT_MAJ")
    factor(tracker, title="Toute la région", breadth=Breadth.REGION, threshold=6)
    factor(tracker, title="Le pays", breadth=Breadth.COUNTRY, threshold=7)
    for _each in range(4):
        said(pcode="ML0703")
    said(timezone.now() - timedelta(days=40), pcode="ML0703")
    said(pcode="ML0703", category_id="INFO")
    assert found() == set()
    said(pcode="ML0703")
    assert found() == {("Récurrence", "ML0703"), ("Toute la région", "ML07")}
    said(pcode="ML0301")
    assert ("Le pays", "") in found()


def test_a_factor_can_count_all_that_is_grave_enough_instead_of_a_category(
    tracker: Tracker, said: Say, signed_in: SignIn
) -> None:
    group, address = signed_in(tracker.cast.djeneba), reverse("workplan:factors")
    typed = {"title": "Gravité", "level": "3", "breadth": Breadth.CERCLE, "threshold": "5", "days": "30"}
    refused = group.post(address, typed | {"category": "INFO"})
    assert (refused.status_code, TriggerFactor.objects.count()) == (422, 0)
    assert "une catégorie ou un niveau de gravité" in refused.content.decode()
    assert [value for value, _label in refused.context["form"].fields["level"].choices] == ["", 1, 2, 3]
    group.post(address, typed)
    for category in ("INSAT_MAJ", "INSAT_MAJ.acces", "PROT.ltb", "INSAT_MAJ", "INFO", "ASSIST", "INFO"):
        said(pcode="ML0703", category_id=category)
    assert found() == set()
    said(pcode="ML0703", category_id="INSAT_MAJ.qualite")
    assert found() == {("Gravité", "ML0703")}
    assert "gravité élevé ou plus" in proposals()[0].in_words


def test_a_saisine_says_how_grave_it_is_how_often_it_came_and_who_is_told(tracker: Tracker, signed_in: SignIn) -> None:
    lead = signed_in(tracker.cast.lassana)
    typed = {"day": "2021-02-01", "line": "Villages attaqués", "fact_severity": "critical", "fact_told_to": "ad_hoc"}
    typed |= {"fact_recurrence": "repeated", "once": str(uuid4())}
    kept = lead.post(reverse("workplan:entry_new", args=["saisines"]), typed, follow=True)
    page = kept.content.decode()
    assert RegisterEntry.objects.get().facts == {
        "severity": "critical",
        "recurrence": "repeated",
        "told_to": "ad_hoc",
    }
    for words in ("critique", "répétée", "une séance ad hoc de l’EHP"):
        assert words in page
    assert signed_in(tracker.cast.robert).get(kept.redirect_chain[-1][0]).status_code == 404


def test_restricted_matters_are_never_counted_and_no_factor_is_as_low_as_to_show_a_few(
    tracker: Tracker, said: Say, signed_in: SignIn
) -> None:
    factor(tracker)
    for _each in range(6):
        said(pcode="ML0703", lane="restricted", restricted_kind="protection", category_id="PROT.vbg")
    assert found() == set()
    with pytest.raises(Refused, match="désignerait"):
        factor(tracker, threshold=4)
    offered = signed_in(tracker.cast.djeneba).get(reverse("workplan:factors")).context["form"].fields["category"]
    codes = set(offered.queryset.values_list("pk", flat=True))
    assert codes.isdisjoint({"EAS", "PROT.vbg", "FRAUDE", "SECU", "TEST"})
    assert "INSAT_MAJ" in codes


def test_only_the_working_group_sets_and_ends_factors(tracker: Tracker) -> None:
    for who in (tracker.cast.lassana, tracker.cast.robert, tracker.cast.adama):
        with pytest.raises(Refused, match="rôle"):
            set_factor(TriggerFactor(title="x", breadth="cercle", threshold=9, days=3), by=who)
    made = factor(tracker)
    end_factor(made.pk, by=tracker.cast.djeneba)
    with pytest.raises(TriggerFactor.DoesNotExist):
        end_factor(made.pk, by=tracker.cast.djeneba)


def test_a_proposal_shows_a_threshold_never_a_count_and_is_taken_up_or_set_aside_with_why(
    tracker: Tracker, said: Say, signed_in: SignIn
) -> None:
    made, gao = factor(tracker), Place.objects.get(pcode="ML0703")
    for _each in range(17):
        said(pcode="ML0703")
    lead, address = signed_in(tracker.cast.lassana), reverse("workplan:proposals")
    page = lead.get(address).content.decode()
    assert "Au moins 5 dossiers" in page
    assert not re.search(r"17\D{0,7}dossiers", page)
    known = {"place": str(gao.pk), "line": made.title, "fact_factors": proposals()[0].in_words}
    link = reverse("workplan:entry_new", args=["saisines"])
    links = re.findall(r'href="([^"]+)"', unescape(page))
    taken_up = next(one for one in links if one.startswith(link) and "fact_" in one)
    assert lead.get(taken_up).context["form"].initial == known
    with pytest.raises(Refused, match="Dites pourquoi"):
        set_proposal_aside(made.pk, gao, reason="", by=tracker.cast.lassana)
    lead.post(reverse("workplan:set_aside"), {"factor": made.pk, "place": "ML0703", "reason": "Déjà suivi"})
    assert found() == set()
    SetAside.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert found() == {("Récurrence", "ML0703")}
    assert signed_in(tracker.cast.robert).get(address).status_code == 404


def test_the_mapping_of_the_focus_comes_from_the_directory_without_confidential_places(
    tracker: Tracker, signed_in: SignIn
) -> None:
    hcr, pam = tracker.cast.organisations["hcr"], tracker.cast.organisations["pam"]
    gao, sikasso = Place.objects.get(pcode="ML0703"), Place.objects.get(pcode="ML0301")
    for organisation, place, is_sensitive in ((hcr, gao, False), (hcr, sikasso, False), (pam, gao, True)):
        row = Service.objects.create(organisation=organisation, kind=ServiceType.CASH, is_sensitive=is_sensitive)
        row.places.set([place])
    found_rows = mapping_of(tracker.cast.kadia).rows
    assert [(str(row.organisation), row.services, row.place_names) for row in found_rows] == [("HCR", 1, [gao.name])]
    page = signed_in(tracker.cast.robert).get(reverse("workplan:mapping")).content.decode()
    assert "PAM" not in page.partition("<main")[2]
    assert "Personne ne dit être à" in page
