"""Exact figures inside the vault, beside what has left it; and who holds a key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from directory.enums import Channel
from psea.actions.statistical import tables
from psea.enums import CaseState, Width
from psea.session import OpenVault
from psea.statistical import Allegation, AuthorKind, AuthorSex, Measure, Victim
from psea.statistics import REFERRED_TO_SERVICES, live_counts, releases
from psea.views.access import user_of, vault_open, vault_page

TITLES = {
    "allegation": gettext_lazy("Type"),
    "victims": gettext_lazy("Personnes survivantes"),
    "authors": gettext_lazy("Auteurs présumés"),
    "author_kind": gettext_lazy("Pour qui travaille l’auteur présumé"),
    "channel": gettext_lazy("Canal"),
    "year": gettext_lazy("Année des faits"),
    "measure": gettext_lazy("Ce que l’entité a fait"),
}
WORDS = {
    "allegation": dict(Allegation.choices),
    "victims": dict(Victim.choices),
    "authors": dict(AuthorSex.choices),
    "author_kind": dict(AuthorKind.choices),
    "channel": dict(Channel.choices),
    "measure": dict(Measure.choices),
}


@require_GET
@vault_open
def figures(request: HttpRequest, vault: OpenVault) -> HttpResponse:
    """3.2.2.b, exact and live, with its fraction; then the ledger of what is published."""
    counts = live_counts()
    context = {
        "counts": counts,
        "states": [(state, counts.by_state.get(state, 0)) for state in CaseState if counts.by_state.get(state)],
        "reading": (counts.referred, counts.accepted),
        "offered": (counts.offered, counts.survivors),
        "received": (counts.service_received, counts.referred),
        "releases": [(Width(line.width), line) for line in releases(REFERRED_TO_SERVICES)],
        **_tables(request, vault),
    }
    return vault_page(request, vault, "psea/figures.html", context)


def _tables(request: HttpRequest, vault: OpenVault) -> dict[str, Any]:
    found = tables(reader=vault.reader, by=user_of(request), at=timezone.now())
    lines = {name: sorted(_lines(counts, WORDS.get(name)), reverse=True) for name, counts in found.by.items()}
    return {
        "tables": [(title, lines[name]) for name, title in TITLES.items() if lines[name]],
        "told": (found.told, found.cases),
    }


def _lines(counts: Mapping[str, int], words: Mapping[str, Any] | None) -> Iterator[tuple[int, str]]:
    """How many, and of what, in words; what nobody said is a line too."""
    for code, number in counts.items():
        if number:
            yield number, str((words or {}).get(code, code) or _("non précisé"))
