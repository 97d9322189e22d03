"""A report that another mechanism hands over."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from directory.roles import HANDLERS
from psea.actions import NobodyCanRead, take_over
from psea.forms import HandedForm
from psea.session import OpenVault
from psea.views.access import user_of, vault_open, vault_page


@require_http_methods(["GET", "POST"])
@vault_open
def handed(request: HttpRequest, vault: OpenVault) -> HttpResponse:
    """Typed in by whoever was handed it; the number is shown once, to be given to whoever reported."""
    user = user_of(request)
    if not user.has_role(*HANDLERS):
        raise Http404
    form = HandedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            number = take_over(by=user, **form.given())
        except NobodyCanRead:
            form.add_error(None, _("Personne ne peut l’ouvrir pour l’instant : gardez-le et appelez la coordination."))
        else:
            return vault_page(request, vault, "psea/handed.html", {"number": number})
    status = 422 if request.method == "POST" else 200
    return vault_page(request, vault, "psea/hand_in.html", {"form": form}, status=status)
