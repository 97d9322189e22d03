"""What a person said by voice, and pictures they sent: for those who read their words, until it is written down."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.audio import played
from core.flash import flash
from core.pages import safe_next
from core.pictures import shown
from core.transitions import Refused
from directory.requests import StaffRequest
from feedback import actions
from feedback.models import Case, CaseMessage
from feedback.reading import may_read_words
from feedback.views.roles import case_or_404


@require_GET
def recording(request: StaffRequest, pk: uuid.UUID, message: uuid.UUID) -> HttpResponse:
    """The voice itself; each listening is in the audit."""
    try:
        return played(actions.listen(pk, message, by=request.user))
    except (Case.DoesNotExist, CaseMessage.DoesNotExist) as error:
        raise Http404 from error


@require_GET
def picture(request: StaffRequest, pk: uuid.UUID, message: uuid.UUID) -> HttpResponse:
    """The picture itself; each look is in the audit."""
    try:
        return shown(actions.look(pk, message, by=request.user))
    except (Case.DoesNotExist, CaseMessage.DoesNotExist) as error:
        raise Http404 from error


@require_POST
def erase(request: StaffRequest, pk: uuid.UUID, message: uuid.UUID) -> HttpResponse:
    """The voice or picture goes; its place in the thread stays."""
    case = case_or_404(request.user, pk)
    if not may_read_words(case, request.user):
        raise Http404
    try:
        actions.erase_recording(pk, message, by=request.user)
    except CaseMessage.DoesNotExist as error:
        raise Http404 from error
    except Refused as error:
        flash(request, str(error.reason), tone="error")
    else:
        flash(request, _("C’est effacé."))
    return redirect(safe_next(request, reverse("referrals:case", args=[case.pk])))
