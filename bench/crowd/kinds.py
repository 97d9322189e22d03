"""What copies of a case say of themselves, so that sums have as many cells as they would have."""

from __future__ import annotations

from bench.crowd.copies import one_of
from directory.enums import AgeGroup, PopulationStatus, Sex
from directory.languages import Language
from feedback.enums import Channel
from feedback.models import Category

# One in three says that it is settled, one in seven that it is not.
_SAID = "n.n % 3 = 0 or n.n % 7 = 0"
ANSWERED_LATER = {"answered_at": "one.answered_at - n.back + (n.n % 40) * interval '1 day'"}


def of_kinds(has_ended: bool) -> dict[str, str]:
    """SQL by column; an unsorted case has no category."""
    ordinary = Category.objects.filter(restricted_kind="", is_vault=False, is_counted=True)
    category = one_of(list(ordinary.values_list("pk", flat=True)), "varchar", 17)
    found = {
        "category_id": f"case when one.category_id is null then null else {category} end",
        "channel": one_of(Channel.values, "varchar", 13),
        "sex": one_of(Sex.values, "varchar", 11),
        "age_group": one_of(AgeGroup.values, "varchar", 23),
        "population_status": one_of(PopulationStatus.values, "varchar", 29),
        "language": one_of(Language.values, "varchar", 37),
    }
    if has_ended:
        found["settled"] = f"case when n.n % 3 = 0 then 'yes' when {_SAID} then 'no' else '' end"
        found["settled_at"] = f"case when {_SAID} then one.closed_at - n.back end"
    return found
