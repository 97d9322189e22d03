"""Exact figures inside the vault, beside what has left it; and who holds a key."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from psea.enums import CaseState, Width
from psea.session import OpenVault
from psea.statistics import REFERRED_TO_SERVICES, live_counts, releases
from psea.views.access import vault_open, vault_page


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
    }
    return vault_page(request, vault, "psea/figures.html", context)
