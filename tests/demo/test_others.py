"""What two organisations counted elsewhere is in the demo, apart from its cases."""

from __future__ import annotations

from core.periods import Quarter
from demo.history.others import count
from directory.models import Organisation
from feedback.collected import collected, sources
from feedback.models import Case, Deposit
from feedback.reference_data import load_categories
from tests.cast import Cast


def test_two_organisations_counted_nine_months_and_no_case_comes_of_it(cast: Cast) -> None:
    load_categories()
    Organisation.objects.create(name="Secours du fleuve", acronym="SDF", kind="ingo")
    last = Quarter.current().previous
    count(1, Quarter.current().period.start)
    assert [name for _pk, name, _day in sources(last)] == ["NRC", "SDF"]
    assert sum(collected(last).values()) > 100
    assert (Case.objects.count(), Deposit.objects.count()) == (0, 18)
