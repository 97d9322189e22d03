"""Each component says what it must, in words, shape and colour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from core.formats import HARD, NARROW
from core.templatetags.jaabi_words import SHAPES

NOW = datetime(2022, 3, 15, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon_in_bamako() -> Iterator[None]:
    with translation.override("fr"), time_machine.travel(NOW, tick=False):
        yield


def rendered(source: str, query: str = "", **context: Any) -> str:
    template = engines["django"].from_string("{% load jaabi %}" + source)
    return template.render(context, RequestFactory().get("/liste/" + query)).strip()


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


class MeetingForm(forms.Form):
    place = forms.CharField(label="Lieu", help_text="Village ou quartier")
    sex = forms.ChoiceField(label="Sexe", widget=forms.RadioSelect, choices=[("f", "Femme"), ("m", "Homme")])
    note = forms.CharField(label="Note", required=False)
    sure = forms.BooleanField(label="Sûr")
    key = forms.CharField(widget=forms.HiddenInput)


@pytest.mark.parametrize("tone", SHAPES)
def test_a_state_is_a_word_a_shape_and_a_colour(tone: str) -> None:
    html = rendered("{% badge 'Mot' tone %}", tone=tone)
    assert text_of(html) == "Mot"
    assert f"#{SHAPES[tone]}" in html
    assert f"state-{tone}" in html


def test_no_two_tones_share_a_shape() -> None:
    assert len(set(SHAPES.values())) == len(SHAPES)


def test_an_unknown_tone_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown tone"):
        rendered("{% badge 'Mot' 'joyeux' %}")


def test_every_shape_that_is_named_is_in_the_sprite(settings: Any) -> None:
    sprite = (settings.BASE_DIR / "static" / "icons.svg").read_text()
    named = {
        name
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([a-z-]+)"', path.read_text())
    }
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', sprite))
    assert (named | set(SHAPES.values())) - drawn == set()


def test_a_moment_is_said_in_words_near_its_date() -> None:
    html = rendered("{% when at %}", at=NOW - timedelta(days=3))
    assert text_of(html) == "il y a 3 jours · 12 mars 2022"
    assert 'datetime="2022-03-12T12:00:00+00:00"' in html
    assert rendered("{% when at %}", at=None) == "–"


def test_an_urgent_clock_counts_hours_and_shows_its_rule() -> None:
    html = rendered("{% clock at 'Réponse sous 24 h' %}", at=NOW + timedelta(hours=5))
    assert text_of(html) == f"reste 5{HARD}h Réponse sous 24 h Échéance : 15 mars 2022 à 17{HARD}h{HARD}00".replace(
        HARD, " "
    )
    assert "clock-waiting" in html


@pytest.mark.parametrize(
    ("source", "said", "tone"),
    [
        ("{% clock missed %}", "en retard de 5 h", "late"),
        ("{% clock far working_days=2 %}", "reste 2 jours ouvrés", "active"),
        ("{% clock far done_at=missed %}", "dans les délais", "done"),
        ("{% clock missed done_at=now %}", "avec 5 h de retard", "stopped"),
        ("{% clock ready %}", "reste 3 jours", "late"),
    ],
)
def test_a_clock_says_what_is_left_or_how_it_ended(source: str, said: str, tone: str) -> None:
    ready = {"left": "reste 3 jours", "late": True, "rule": ""}
    context: dict[str, Any] = {
        "missed": NOW - timedelta(hours=5),
        "far": NOW + timedelta(days=4),
        "now": NOW,
        "ready": ready,
    }
    html = rendered(source, **context)
    assert text_of(html).startswith(said)
    assert f"clock-{tone}" in html


def test_no_deadline_shows_nothing() -> None:
    assert rendered("{% clock at %}", at=None) == ""


def test_a_fraction_is_a_percentage_with_its_parts() -> None:
    assert rendered("{% fraction 31 50 plain=True %}") == f"62{NARROW}%{HARD}(31/50)"
    assert text_of(rendered("{% fraction 31 50 %}")).replace("&nbsp;", "") == "62 % (31/50)"
    assert text_of(rendered("{% fraction 0 0 %}")) == "–"
    assert rendered("{% number 12345 %}") == f"12{NARROW}345"


def test_a_figure_compares_fractions_in_points_and_links_to_its_lineage() -> None:
    html = rendered(
        "{% figure 'Répondu' fraction=now before=then href='/lignee/' definition='Quoi' %}", now=(31, 50), then=(27, 50)
    )
    assert text_of(html) == "Répondu 62 % 31/50 +8 points trimestre précédent : 54 % (27/50) Définition : Répondu Quoi"
    assert 'href="/lignee/"' in html


def test_a_figure_without_cases_is_a_dash_and_compares_with_nothing() -> None:
    assert text_of(rendered("{% figure 'Répondu' fraction=now before=now %}", now=(0, 0))) == "Répondu –"


def test_words_of_a_person_are_escaped_and_set_apart() -> None:
    html = rendered("{% words said lang='bam' %}", said="<script>x</script>\n\nI ni ce")
    assert "<script>" not in html
    assert '<blockquote lang="bm" dir="auto">' in html


def test_a_timeline_takes_partial_events_in_the_order_given() -> None:
    events = [{"when": NOW, "title": "Reçu"}, {"when": NOW, "title": "Répondu", "actor": "NRC", "tone": "done"}]
    html = rendered("{% timeline events %}", events=events)
    assert re.findall(r"<strong>(.*?)</strong>", html) == ["Reçu", "Répondu"]
    assert "#check-circle" in html


def test_an_event_without_a_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="needs `when`"):
        rendered("{% timeline events %}", events=[{"title": "Reçu"}])


def test_people_see_three_words_and_where_they_are() -> None:
    html = rendered("{% three_words 2 at %}", at=NOW)
    assert re.findall(r'class="(is-\w+)"', html) == ["is-past", "is-now", "is-next"]
    assert re.findall(r"<strong>(.*?)</strong>", html) == ["reçu", "en cours", "répondu"]


def test_a_receipt_number_is_read_in_three_groups() -> None:
    assert text_of(rendered("{% receipt_number '483920571164' %}")) == "4839 2057 1164"


def test_quarters_are_told_in_words_for_those_who_see_no_shape() -> None:
    states = ("not_planned", "verified", "verified", "late")
    cells = [{"label": f"T{number} 2022", "status": status} for number, status in enumerate(states, 1)]
    html = rendered("{% quarter_strip cells '/here/' %}", cells=cells)
    assert 'href="/here/"' in html
    assert 'aria-label="T2 2022 – T3 2022\xa0: vérifié, T4 2022\xa0: en retard"' in html
    told = ["T2 2022\xa0: vérifié", "T3 2022\xa0: vérifié", "T4 2022\xa0: en retard"]
    assert re.findall(r'title="([^"]+)"', html) == told
    assert re.findall(r"quarter-(\w+)", html) == ["verified", "verified", "late"]
    assert html.count("<i") == 4
    assert 'role="img" class="quarters" aria-label="non prévu"' in rendered(
        "{% quarter_strip cells %}", cells=cells[:1]
    )


def test_the_pager_keeps_the_rest_of_the_address() -> None:
    page = Paginator(range(312), 25).page(2)
    html = rendered("{% pager page_obj %}", "?q=eau&page=2", page_obj=page)
    assert text_of(html).startswith("26–50 sur 312")
    assert 'rel="next" href="?q=eau&amp;page=3"' in html
    assert 'rel="prev" href="?q=eau&amp;page=1"' in html


def test_a_single_page_has_a_count_and_no_links() -> None:
    html = rendered("{% pager page_obj %}", page_obj=Paginator(range(3), 25).page(1))
    assert text_of(html) == "1–3 sur 3"
    assert "<a" not in html


def test_a_wrong_field_keeps_what_was_typed_and_ties_help_and_error_to_it() -> None:
    form = MeetingForm({"place": "", "sex": "f", "note": "déjà tapé", "sure": "on", "key": "k"})
    html = rendered("{% field form.place %}{% field form.note %}", form=form)
    assert 'aria-describedby="id_place_help id_place_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="déjà tapé"' in html
    assert text_of(html).endswith("Note (facultatif)")


def test_a_choice_is_a_fieldset_with_a_legend() -> None:
    html = rendered("{% field form.sex %}", form=MeetingForm())
    assert re.findall(r'<label class="form-check-label" for="(\w+)">(\w+)', html) == [
        ("id_sex_0", "Femme"),
        ("id_sex_1", "Homme"),
    ]
    assert "<legend" in html


def test_the_error_summary_links_each_error_to_its_field() -> None:
    html = rendered("{% error_summary form %}", form=MeetingForm({"key": "k"}))
    assert re.findall(r'href="#(\w+)"', html) == ["id_place", "id_sex_0", "id_sure"]
    valid = MeetingForm({"place": "Gao", "sex": "f", "sure": "on", "key": "k"})
    assert rendered("{% error_summary form %}", form=valid) == ""


def test_filters_say_how_many_and_offer_to_clear() -> None:
    html = rendered("{% filters form count=1 %}", "?note=eau", form=MeetingForm({"note": "eau"}))
    assert "<details open>" in html
    assert "Effacer les filtres" in html
    assert text_of(html).endswith("1 résultat")


def test_a_confirmation_posts_and_offers_a_way_back() -> None:
    html = rendered(
        "{% confirm 'Retirer ?' 'Voici.' '/retirer/' 'Retirer' cancel_url='/' hidden=h %}", h={"seen": "sent"}
    )
    assert 'method="post" action="/retirer/"' in html
    assert 'name="csrfmiddlewaretoken"' in html
    assert '<input type="hidden" name="seen" value="sent">' in html


def test_the_price_of_a_text_names_what_makes_it_dearer() -> None:
    assert text_of(rendered("{% sms_segments 'reçu' %}")) == "1 SMS · 4 signes · UCS-2 (à cause de « ç »)"


def test_undo_is_offered_after_an_act_that_can_be_undone() -> None:
    class Message:
        message, level_tag, extra_tags = "Transmis.", "success", "undo=/defaire/"

    html = rendered("{% flashes %}", messages=[Message()])
    assert text_of(html) == "Transmis. Annuler"
    assert 'action="/defaire/"' in html
