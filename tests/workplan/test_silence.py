"""Who does not speak: rates against reference figures, small numbers withheld, the unknown apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.periods import Quarter
from core.transitions import Refused
from directory.models import Place
from feedback.models import Case
from tests.workplan.conftest import Tracker
from workplan.actions.reference import keep_reference, keep_shares
from workplan.models import ReferenceFigure, ReferenceShare
from workplan.reference_file import Figure, Unreadable, figures_in
from workplan.reference_shares import ShareFigure, shares_in
from workplan.silence import GROUPS, Rate, Silence, reference, silence

Say = Callable[..., Case]
SignIn = Callable[[Any], Client]
SUMMER = Quarter(2022, 2)
MAY = datetime(2022, 5, 10, 9, tzinfo=UTC)
HEADING = "pcode;sex;age_group;count\n"


def people(
    tracker: Tracker, pcode: str, *counts: int | None, as_of: date = date(2022, 1, 1), basis: str = "population"
) -> None:
    """Counts in the order of GROUPS; None is not known."""
    place = Place.objects.get(pcode=pcode)
    figures = [Figure(place, *group, n) for group, n in zip(GROUPS, counts, strict=False) if n is not None]
    keep_reference(figures, basis=basis, source="HNO", as_of=as_of, by=tracker.cast.djeneba)


def voices(said: Say, number: int, sex: str = "female", age: str = "adult", **about: Any) -> None:
    for _each in range(number):
        said(MAY, sex=sex, age_group=age, **about)


def rates(found: Silence, region: str) -> list[Rate]:
    return list(dict(found.grid)[region])


def test_a_rate_goes_with_its_fraction_and_far_below_the_median_is_silent(
    tracker: Tracker, said: Say, settings: Any
) -> None:
    settings.SILENT_BELOW_PERCENT = 25
    people(tracker, "ML07", 10_000, 10_000, 10_000, 10_000, 10_000, 10_000)
    for (sex, age), number in zip(GROUPS, (0, 40, 8, 20, 30, 20), strict=True):
        voices(said, number, sex, age)
    found = silence(SUMMER, "population")
    # 8, 20, 20, 30, 40 in 10,000, of those who speak: median 20, line 5.
    assert (found.median, found.line) == (20, 5)
    assert [rate.label for rate in found.silent] == ["Gao : Femme ou fille, Moins de 18 ans"]
    assert rates(found, "Gao")[2].shown.replace("\u00a0", " ").replace("\u202f", " ") == "8,0 (8/10 000)"
    settings.SILENT_BELOW_PERCENT = 50
    assert len(silence(SUMMER, "population").silent) == 2


def test_small_numbers_are_withheld_and_nothing_beside_gives_them_back(tracker: Tracker, said: Say) -> None:
    people(tracker, "ML07", *[10_000] * 6)
    for (sex, age), number in zip(GROUPS, (30, 2, 30, 30, 30, 30), strict=True):
        voices(said, number, sex, age)
    found = silence(SUMMER, "population")
    gao = [rate.voices for rate in rates(found, "Gao")]
    assert gao[1] is None
    total = next(rate.voices for rate in found.by_place if rate.label == "Gao")
    assert total is None or gao.count(None) >= 2
    women = next(rate for rate in found.by_sex if rate.label == "Femme ou fille")
    assert women.voices is None, "a sum over what is withheld would give it back"
    assert "n. p." in rates(found, "Gao")[1].shown
    assert not rates(found, "Gao")[1].is_silent, "nor does the mark tell"


def test_without_a_reference_figure_a_group_is_unknown_and_not_silent(tracker: Tracker, said: Say) -> None:
    people(tracker, "ML07", 10_000, 10_000, None, 10_000, 10_000, 10_000)
    voices(said, 12)
    found = silence(SUMMER, "population")
    unknown = rates(found, "Gao")[2]
    assert (unknown.people, unknown.is_silent, unknown.per_10000) == (None, False, None)
    assert "pas de chiffre de référence" in unknown.shown
    assert next(rate.people for rate in found.by_place if rate.label == "Gao") is None, "blank is not zero"
    assert found.unknown == len(found.grid) * 6 - 5
    assert silence(SUMMER, "assisted").has_reference is False


def test_what_was_not_said_stands_apart(tracker: Tracker, said: Say) -> None:
    people(tracker, "ML07", *[10_000] * 6)
    voices(said, 11, "not_said", "adult")
    voices(said, 12, "female", "not_said")
    voices(said, 13, pcode="")
    found = silence(SUMMER, "population")
    assert (found.not_said, found.nowhere) == (23, 13)
    assert [rate.voices for rate in rates(found, "Gao")] == [0] * 6
    assert [row.label for row in found.by_language.rows][-1] == "non communiqué"


def test_only_the_ordinary_lane_and_the_twelve_months_count(tracker: Tracker, said: Say) -> None:
    people(tracker, "ML07", *[10_000] * 6)
    voices(said, 9)
    voices(said, 30, lane="restricted", restricted_kind="protection", category_id="PROT.vbg")
    voices(said, 30, is_test=True)
    said(datetime(2021, 6, 30, 12, tzinfo=UTC), sex="female", age_group="adult")
    assert rates(silence(SUMMER, "population"), "Gao")[1].voices == 9


def test_the_latest_figure_counts_and_cercles_make_a_region_once_all_are_known(tracker: Tracker) -> None:
    people(tracker, "ML07", 100, as_of=date(2021, 1, 1))
    people(tracker, "ML07", 300, as_of=date(2022, 1, 1))
    people(tracker, "ML07", 200, as_of=date(2021, 6, 1))
    assert reference("population")["ML07", *GROUPS[0]] == 300
    *first, last = Place.objects.filter(parent__pcode="ML08").values_list("pcode", flat=True)
    for pcode in first:
        people(tracker, pcode, 10)
    assert ("ML08", *GROUPS[0]) not in reference("population"), "a part is not the whole"
    people(tracker, last, 10)
    assert reference("population")["ML08", *GROUPS[0]] == 10 * (len(first) + 1)


def test_a_file_is_taken_whole_and_a_line_without_a_count_says_nothing(tracker: Tracker) -> None:
    text = HEADING + "ML07;female;adult;12 500\nML07;homme;60+;\nML08;F;child;0\n"
    found = [(one.place.pcode, one.sex, one.age_group, one.count) for one in figures_in(("\ufeff" + text).encode())]
    assert found == [("ML07", "female", "adult", 12_500), ("ML08", "female", "child", 0)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("pcode,sex,count\n", "age_group"),
        (HEADING, "aucun chiffre"),
        (HEADING + "ML99;female;adult;1", "Ligne 2 : lieu inconnu"),
        (HEADING + "ML07;x;adult;1", "sexe inconnu"),
        (HEADING + "ML07;female;old;1", "âge inconnu"),
        (HEADING + "ML07;female;adult;1,5", "nombre entier"),
        (HEADING + "ML07;female;adult;-1", "nombre entier"),
        (HEADING + "ML07;female;adult;1\nML07;f;18-59;2", "Ligne 3 : ce groupe y est déjà"),
    ],
)
def test_a_wrong_file_says_which_line_and_why(tracker: Tracker, text: str, sentence: str) -> None:
    with pytest.raises(Unreadable) as caught:
        figures_in(text.encode())
    assert sentence in " ".join(caught.value.sentences)


def test_the_working_group_enters_figures_by_form_and_by_file(tracker: Tracker, signed_in: SignIn) -> None:
    client = signed_in(tracker.cast.djeneba)
    gao = Place.objects.get(pcode="ML07")
    typed = {
        "basis": "population",
        "source": "HNO 2022",
        "as_of": "2022-01-01",
        "place": gao.pk,
        "female:adult": "12000",
    }
    assert client.post("/dashboard/silence/reference/", typed).status_code == 302
    assert ReferenceFigure.objects.get().entered_by == tracker.cast.djeneba
    assert client.post("/dashboard/silence/reference/", typed | {"female:adult": ""}).status_code == 422
    said = {"file-basis": "assisted", "file-source": "5W", "file-as_of": "2022-02-01"}

    def send(text: str) -> Any:
        file = SimpleUploadedFile("figures.csv", text.encode())
        return client.post("/dashboard/silence/reference/file/", said | {"file-file": file})

    wrong = send(HEADING + "ML07;female;adult;5\nML99;female;adult;5\n")
    assert wrong.status_code == 422
    assert "Ligne 3" in wrong.content.decode()
    assert not ReferenceFigure.objects.filter(basis="assisted").exists(), "all of it or nothing"
    assert send(HEADING + "ML07;female;adult;5\n").status_code == 302
    assert ReferenceFigure.objects.filter(basis="assisted").count() == 1


def test_others_do_not_enter_figures_and_none_comes_without_its_source(tracker: Tracker) -> None:
    figure = [Figure(Place.objects.get(pcode="ML07"), *GROUPS[0], 1)]
    with pytest.raises(Refused, match="rôle"):
        keep_reference(figure, basis="population", source="x", as_of=date(2022, 1, 1), by=tracker.cast.robert)
    with pytest.raises(Refused, match="d’où viennent"):
        keep_reference(figure, basis="population", source=" ", as_of=date(2022, 1, 1), by=tracker.cast.djeneba)
    with pytest.raises(Refused, match="à venir"):
        keep_reference(figure, basis="population", source="x", as_of=date(2999, 1, 1), by=tracker.cast.djeneba)


def part(tracker: Tracker, part: str, as_of: date = date(2022, 1, 1), **percent: int) -> None:
    figures = [ShareFigure(part, value, Decimal(n)) for value, n in percent.items()]
    keep_shares(figures, basis="population", source="RGPH 2009", as_of=as_of, by=tracker.cast.djeneba)


def quiet(found: Silence, part: str) -> list[str]:
    return [row.label for row in getattr(found, f"by_{part}").rows if row.is_silent]


def test_a_language_far_under_its_share_of_people_is_silent(tracker: Tracker, said: Say, settings: Any) -> None:
    settings.SILENT_BELOW_PERCENT = 25
    part(tracker, "language", as_of=date(2021, 1, 1), ful=1)
    part(tracker, "language", bam=46, ful=30, taq=4, ses=10)
    voices(said, 80, language="bam")
    voices(said, 20, language="ses")
    voices(said, 30, language="not_said")
    found = silence(SUMMER, "population")
    # of 100 voices 30 are expected in Fulfulde, and 4 in Tamasheq: too few to tell
    assert quiet(found, "language") == ["Fulfulde"]
    bambara = found.by_language.rows[0]
    assert (bambara.voices, bambara.of, bambara.people_shown.replace("\u202f", " ")) == (80, 130, "46 %")
    assert next(row.people_shown for row in found.by_language.rows if row.label == "Dogon") == "pas de référence"
    voices(said, 9, language="ful")
    assert quiet(silence(SUMMER, "population"), "language") == []
    assert quiet(silence(SUMMER, "assisted"), "language") == []


def test_channels_of_known_reach_are_set_against_each_other(tracker: Tracker, said: Say, settings: Any) -> None:
    settings.SILENT_BELOW_PERCENT = 25
    voices(said, 50, channel="sms")
    voices(said, 6, channel="radio")
    voices(said, 60, channel="paper")
    assert quiet(silence(SUMMER, "population"), "channel") == [], "without a reference nobody is judged"
    part(tracker, "channel", sms=60, radio=80)
    # of the 56 voices of both, the radio's part of the reach is 32; paper is of no known reach
    assert quiet(silence(SUMMER, "population"), "channel") == ["radio"]
    part(tracker, "channel", as_of=date(2022, 2, 1), radio=15)
    assert quiet(silence(SUMMER, "population"), "channel") == []


def test_a_mark_tells_nothing_of_a_number_that_is_withheld(tracker: Tracker, said: Say, settings: Any) -> None:
    settings.SILENT_BELOW_PERCENT = 25
    part(tracker, "language", bam=50, ful=25, ses=25)
    voices(said, 80, language="bam")
    voices(said, 2, language="ful")
    voices(said, 3, language="ses")
    found = silence(SUMMER, "population")
    shown = {row.label: row for row in found.by_language.rows}
    assert (shown["Fulfulde"].voices, shown["Songhay"].voices) == (None, None)
    assert quiet(found, "language") == []


def test_shares_come_by_form_and_by_file_with_their_source(tracker: Tracker, signed_in: SignIn) -> None:
    client = signed_in(tracker.cast.djeneba)
    typed = {"basis": "population", "source": "RGPH", "as_of": "2022-01-01", "share:bam": "46", "share:ful": "9.5"}
    typed = {f"language-{name}": value for name, value in typed.items()}
    where = "/dashboard/silence/reference/language/"
    assert client.post(where, typed | {"language-share:ful": "60"}).status_code == 422
    assert client.post(where, typed | {"language-share:ful": "101"}).status_code == 422
    assert not ReferenceShare.objects.exists()
    assert client.post(where, typed).status_code == 302
    assert dict(ReferenceShare.objects.values_list("value", "percent")) == {"bam": Decimal(46), "ful": Decimal("9.5")}
    said = {"file-basis": "assisted", "file-source": "5W", "file-as_of": "2022-02-01"}
    file = SimpleUploadedFile("shares.csv", b"part;value;percent\nchannel;radio;80,5 %\nlangue;Bambara;46\n")
    assert client.post("/dashboard/silence/reference/file/", said | {"file-file": file}).status_code == 302
    kept = ReferenceShare.objects.filter(basis="assisted").values_list("part", "value", "percent")
    assert set(kept) == {("channel", "radio", Decimal("80.5")), ("language", "bam", Decimal(46))}
    page = client.get("/dashboard/silence/reference/").content.decode()
    assert "RGPH" in page
    assert "2/11" in page


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("x;bam;4", "Ligne 2 : partie inconnue"),
        ("language;klingon;4", "langue ou canal inconnu"),
        ("language;not_said;4", "langue ou canal inconnu"),
        ("channel;sms;101", "de 0 à 100"),
        ("channel;sms;NaN", "de 0 à 100"),
        ("channel;sms;4\ncanal;SMS;5", "Ligne 3 : ce groupe y est déjà"),
    ],
)
def test_a_wrong_file_of_shares_says_which_line_and_why(line: str, sentence: str) -> None:
    with pytest.raises(Unreadable) as caught:
        shares_in(f"part;value;percent\n{line}\n".encode())
    assert sentence in " ".join(caught.value.sentences).replace("\u00a0", " ")


def test_the_dashboard_leads_to_it_and_the_rule_is_written_there(tracker: Tracker, signed_in: SignIn) -> None:
    client = signed_in(tracker.cast.robert)
    assert "/dashboard/silence/" in client.get("/dashboard/lineage/?figure=silent").content.decode()
    page = client.get("/dashboard/silence/?period=2022-T2").content.decode()
    assert "sous 25 % de la médiane" in page
    assert "Pas de chiffre de référence" in page
