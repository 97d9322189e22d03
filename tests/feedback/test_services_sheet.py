"""The sheet that agencies print for communities: what one may come to by oneself, and nothing that is a secret."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from directory.enums import ServiceType
from directory.models import Place, Service
from feedback.services_sheet import PLAIN_WORDS
from tests.cast import Cast

pytestmark = pytest.mark.once

ADDRESS = "/settings/documents/services/"


def offered(cast: Cast, where: str, **more: Any) -> Service:
    said = {"kind": "health", "accepts_self_referral": True, "contact_role": "Docteur Issa Traoré"} | more
    row = Service.objects.create(organisation=cast.organisations["nrc"], directions=f"ici {where}", **said)
    row.places.set(Place.objects.filter(pcode=where))
    return row


def test_only_what_is_open_to_all_here_is_printed_and_nobody_is_named(cast: Cast, signed_in: Any) -> None:
    offered(cast, "ML0703", hours="8 h–12 h", languages=["ses"])
    offered(cast, "ML07", kind="legal", is_free=False)
    offered(cast, "ML0702", kind="food")
    yesterday = timezone.localdate() - timedelta(days=1)
    never: tuple[dict[str, Any], ...] = (
        {"is_sensitive": True}, {"accepts_self_referral": False}, {"valid_until": yesterday}, {"has_capacity": False},
        {"kind": ServiceType.CHILD_BORN_OF_SEA},
    )  # fmt: skip
    for number, why in enumerate(never):
        Service.objects.filter(pk=offered(cast, "ML0703", **why).pk).update(directions=f"caché {number}")
    client = signed_in(cast.fanta)

    cercle = client.get(ADDRESS + "?lieu=ML0703").content.decode()
    assert [one for one in ("Se faire soigner", "ici ML0703", "8 h–12 h", "Songhay", "ici ML07 ", "Ce service se paie")
            if one not in cercle.replace(".", " ")] == []  # fmt: skip
    assert "ici ML0702" not in cercle
    assert "ici ML0702" in client.get(ADDRESS + "?lieu=ML07").content.decode()
    for page in (cercle, client.get(ADDRESS + "?lieu=ML07").content.decode()):
        assert "caché" not in page
        assert "Traoré" not in page
        assert "EAS" not in page


def test_the_sheet_gives_the_numbers_of_this_installation_and_says_when_there_is_nothing(
    cast: Cast, signed_in: Any, settings: Any
) -> None:
    settings.LISTENING_WAYS = [{"label": "Ligne verte", "number": "36021", "hours": "8 h–17 h", "languages": "bambara"}]
    settings.URGENT_NUMBERS = [{"label": "Secours", "number": "18"}]
    page = signed_in(cast.mariam).get(ADDRESS + "?lieu=ML1001").content.decode()
    assert [one for one in ("36021", "Secours", "Rien à imprimer pour ce lieu") if one not in page] == []
    assert "Rien à imprimer" not in signed_in(cast.mariam).get(ADDRESS).content.decode()
    assert signed_in(cast.mariam).get(ADDRESS + "?lieu=NULLE").status_code == 200


@pytest.mark.parametrize("kind", sorted(PLAIN_WORDS))
def test_plain_words_name_no_abuse_by_aid_workers(kind: str) -> None:
    assert not any(word in str(PLAIN_WORDS[kind]) for word in ("EAS", "exploitation", "abus"))
