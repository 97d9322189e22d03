from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail import EmailMessage

from core.models import AuditEntry, Outbound
from core.transitions import Conflict, Refused
from directory.implicated import Implicated
from directory.models import StaffNotice, User, UserRole
from directory.roles import Role
from feedback import actions
from feedback.actions.triage import restrict
from feedback.duplicates import likely_duplicates
from feedback.enums import CaseState, Lane
from feedback.models import Case, CaseImplicated, Category
from tests.cast import Cast
from tests.feedback.making import PHONE, made_case, place, sorted_case, sorting


def readers(case: Case) -> set[str]:
    everyone = User.objects.filter(is_active=True)
    return {user.email.split("@")[0] for user in everyone if Case.objects.visible_to(user).filter(pk=case.pk).exists()}


def test_sorting_says_what_it_is_about_and_until_when(cast: Cast) -> None:
    case = made_case(received_at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    about = {"place": place("ML0703"), "concerned": cast.organisations["hcr"], "sector": "wash", "priority": "urgent"}

    actions.triage(case.pk, sorting("INFO", about=about), by=cast.awa)

    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.lane, case.category_id) == (CaseState.TRIAGED, Lane.ORDINARY, "INFO")
    assert (case.place, case.concerned, case.sector) == (place("ML0703"), cast.organisations["hcr"], "wash")
    assert case.due_at is not None
    assert case.due_at - case.received_at == timedelta(hours=72)
    assert case.triaged_by == cast.awa
    assert AuditEntry.objects.filter(act="feedback.case.triage", target_id=str(case.pk)).count() == 1


def test_an_unsorted_case_is_read_by_the_listening_team_alone(cast: Cast) -> None:
    assert readers(made_case(concerned=cast.organisations["hcr"])) == {"awa"}


def test_a_sorted_case_is_read_by_the_concerned_organisation_too(cast: Cast) -> None:
    case = sorted_case(cast.awa, about={"concerned": cast.organisations["hcr"]})
    assert readers(case) == {"awa", "ibrahim"}


@pytest.mark.parametrize(
    ("code", "reader"), [("FRAUDE", "salif"), ("PROT.vbg", "kadia"), ("SECU", "moussa"), ("DONNEES", "salif")]
)
def test_a_restricted_matter_is_read_by_its_named_recipients_alone(cast: Cast, code: str, reader: str) -> None:
    case = sorted_case(cast.awa, code, about={"concerned": cast.organisations["hcr"]})
    assert readers(case) == {reader}


def test_the_named_recipients_are_told_in_a_mail_without_content(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    sorted_case(cast.awa, "FRAUDE")
    assert [mail.to for mail in mailoutbox] == [[cast.salif.email]]
    assert "Forage" not in mailoutbox[0].body
    assert "ntégrité" not in mailoutbox[0].body


def test_whoever_is_implicated_neither_reads_nor_is_told(cast: Cast) -> None:
    """Where that leaves nobody, it stays with the listening team, who are told to say it themselves."""
    case = made_case()
    implicated = Implicated(organisations=frozenset({cast.organisations["hcr"].pk}))
    with pytest.raises(Refused, match="de vive voix"):
        actions.triage(case.pk, sorting("FRAUDE", implicated=implicated), by=cast.awa)
    assert readers(case) == {"awa"}

    UserRole.objects.create(user=cast.oumar, role=Role.INTEGRITY_FOCAL_POINT)
    actions.triage(case.pk, sorting("FRAUDE", implicated=implicated), by=cast.awa)

    assert readers(case) == {"oumar"}
    assert {notice.person for notice in StaffNotice.objects.all()} == {cast.oumar}


def test_where_no_zone_reaches_those_of_every_zone_read_it(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    """They are told of it all: else nobody would read it; nor would they, where those near are implicated."""
    cast.salif.place_scope.set([place("ML01")])
    case = sorted_case(cast.awa, "FRAUDE", about={"place": place("ML0703")})
    assert (readers(case), [mail.to for mail in mailoutbox]) == ({"salif"}, [[cast.salif.email]])

    UserRole.objects.create(user=cast.oumar, role=Role.INTEGRITY_FOCAL_POINT)
    assert readers(case) == {"oumar"}
    CaseImplicated.objects.create(case=case, organisation=cast.oumar.organisation)
    assert readers(case) == {"salif"}


def test_a_deputy_who_is_implicated_is_not_told_in_somebody_s_place(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    cast.salif.is_away, cast.salif.deputy = True, cast.ibrahim
    cast.salif.save()
    implicated = Implicated(users=frozenset({cast.ibrahim.pk}))
    actions.triage(made_case().pk, sorting("FRAUDE", implicated=implicated), by=cast.awa)
    assert mailoutbox == []

    actions.triage(made_case().pk, sorting("FRAUDE"), by=cast.awa)
    assert [mail.to for mail in mailoutbox] == [[cast.ibrahim.email]]


def test_an_ordinary_category_can_be_restricted_more(cast: Cast) -> None:
    case = made_case()
    actions.triage(case.pk, sorting("INSAT_MAJ", restricted_kind="integrity"), by=cast.awa)
    assert readers(case) == {"salif"}


def test_the_restriction_of_a_category_is_never_lowered(cast: Cast) -> None:
    case = made_case()
    actions.triage(case.pk, sorting("FRAUDE", restricted_kind="security"), by=cast.awa)
    assert Case.objects.get(pk=case.pk).restricted_kind == "integrity"


def test_the_vault_category_is_not_for_sorting(cast: Cast) -> None:
    case = made_case()
    with pytest.raises(Refused):
        actions.triage(case.pk, sorting("EAS"), by=cast.awa)
    assert Case.objects.get(pk=case.pk).state == CaseState.NEW


def test_gbv_is_handed_over_without_a_word_more(cast: Cast) -> None:
    case = made_case()
    actions.hand_to_protection(case.pk, "gbv", by=cast.awa)
    case = Case.objects.get(pk=case.pk)
    assert (case.category_id, case.restricted_kind, case.priority) == ("PROT.vbg", "protection", "emergency")
    assert readers(case) == {"kadia"}


def test_a_second_sorter_is_told_that_somebody_was_there_first(cast: Cast) -> None:
    case = sorted_case(cast.awa)
    with pytest.raises(Conflict):
        actions.triage(case.pk, sorting("INFO"), by=cast.awa, seen="new")
    assert Case.objects.get(pk=case.pk).category_id == "INSAT_MIN"


@pytest.mark.parametrize("name", ["oumar", "ibrahim", "adama", "robert", "djeneba", "aminata"])
def test_only_those_who_listen_sort(cast: Cast, name: str) -> None:
    case = made_case()
    with pytest.raises(Refused):
        actions.triage(case.pk, sorting(), by=getattr(cast, name))


def test_whoever_reads_a_case_can_raise_it(cast: Cast) -> None:
    case = sorted_case(cast.awa)
    actions.reclassify(case.pk, category=Category.objects.get(pk="FRAUDE"), by=cast.awa)
    assert readers(case) == {"salif"}
    assert Outbound.objects.filter(way="email").count() == 1


def test_only_its_named_recipients_lower_a_restricted_case(cast: Cast) -> None:
    case = sorted_case(cast.awa, "FRAUDE")
    ordinary = Category.objects.get(pk="INSAT_MIN")
    with pytest.raises(Refused):
        actions.reclassify(case.pk, category=ordinary, by=cast.awa)

    actions.reclassify(case.pk, category=ordinary, by=cast.salif)

    assert readers(case) == {"awa"}


def test_a_test_message_leaves_the_figures(cast: Cast) -> None:
    case = made_case()
    actions.close_because(case.pk, because="test", by=cast.awa)
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.is_test) == (CaseState.CLOSED, True)
    assert not Case.objects.counted().filter(pk=case.pk).exists()


def test_ending_without_answer_depends_on_whether_it_was_sorted(cast: Cast) -> None:
    unsorted, done = made_case(), sorted_case(cast.awa)
    with pytest.raises(Refused):
        actions.close_because(unsorted.pk, because="no_answer_wanted", by=cast.awa)
    with pytest.raises(Refused):
        actions.close_because(done.pk, because="unintelligible", by=cast.awa)
    actions.close_because(done.pk, because="no_answer_wanted", by=cast.awa)
    assert Case.objects.get(pk=done.pk).outcome == "no_answer_wanted"


def test_a_duplicate_leads_to_the_other_case(cast: Cast) -> None:
    first, second = sorted_case(cast.awa), made_case()
    actions.merge(second.pk, into_id=first.pk, by=cast.awa)
    second = Case.objects.get(pk=second.pk)
    assert (second.state, second.merged_into) == (CaseState.MERGED, first)


def test_a_duplicate_never_crosses_lanes(cast: Cast) -> None:
    restricted = sorted_case(cast.awa, "FRAUDE")
    ordinary = made_case()
    with pytest.raises(Refused):
        actions.merge(ordinary.pk, into_id=restricted.pk, by=cast.awa)
    assert Case.objects.get(pk=ordinary.pk).state == CaseState.NEW


def test_what_was_joined_to_a_case_is_restricted_with_it_and_not_lowered_by_itself(cast: Cast) -> None:
    kept, duplicate, oldest = sorted_case(cast.awa), made_case(), made_case()
    actions.merge(oldest.pk, into_id=duplicate.pk, by=cast.awa)
    actions.merge(duplicate.pk, into_id=kept.pk, by=cast.awa)
    actions.reclassify(kept.pk, category=Category.objects.get(pk="FRAUDE"), by=cast.awa)
    assert [readers(case) for case in (kept, duplicate, oldest)] == [{"salif"}] * 3
    entry = AuditEntry.objects.get(act="feedback.case.reclassify", target_id=str(oldest.pk))
    assert entry.facts["joined_to"] == str(duplicate.pk)
    actions.reclassify(kept.pk, category=Category.objects.get(pk="INSAT_MIN"), by=cast.salif)
    assert [readers(case) for case in (kept, duplicate, oldest)] == [{"awa"}, {"salif"}, {"salif"}]


def test_a_case_that_is_first_sorted_or_raised_takes_what_was_joined_to_it_along(cast: Cast) -> None:
    for is_sorted in (True, False):
        kept, duplicate = made_case(), made_case()
        actions.merge(duplicate.pk, into_id=kept.pk, by=cast.awa)
        if is_sorted:
            actions.triage(kept.pk, sorting("FRAUDE"), by=cast.awa)
        else:
            restrict(kept.pk, "integrity", by=cast.awa)
        assert readers(duplicate) == {"salif"}


def test_whom_a_case_implicates_does_not_read_what_was_joined_to_it(cast: Cast) -> None:
    kept, before, after = (made_case(concerned=cast.organisations["nrc"]) for _case in range(3))
    for case in (before, after):
        Case.objects.filter(pk=case.pk).update(triaged_at=case.received_at)
    assert "fanta" in readers(before)
    actions.merge(before.pk, into_id=kept.pk, by=cast.awa)
    actions.triage(kept.pk, sorting(implicated=Implicated(users=frozenset({cast.fanta.pk}))), by=cast.awa)
    actions.merge(after.pk, into_id=kept.pk, by=cast.awa)
    for case in (kept, before, after):
        assert {"fanta", "awa"} & readers(case) == {"awa"}


def test_likely_duplicates_name_the_same_telephone_and_close_words_nearby(cast: Cast) -> None:
    gao = place("ML0703")
    same_phone = sorted_case(cast.awa, phone=PHONE)
    near = sorted_case(cast.awa, phone="+22300000055", about={"place": gao})
    sorted_case(cast.awa, phone="+22300000056", about={"place": place("ML0901")})
    case = made_case(phone=PHONE, place=gao)

    found = likely_duplicates(case, cast.awa)

    assert [one.case for one in found] == [same_phone, near]


def test_only_those_who_listen_write_in_the_thread(cast: Cast) -> None:
    case = sorted_case(cast.awa, about={"concerned": cast.organisations["hcr"]})
    with pytest.raises(Refused):
        actions.write_down(case.pk, pk=case.pk, words="Une note", direction="note", by=cast.ibrahim)
    with pytest.raises(Refused):
        actions.ask_person(case.pk, pk=case.pk, words="Où ?", by=cast.ibrahim)
    assert not case.messages.exists()
