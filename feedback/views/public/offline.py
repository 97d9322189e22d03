"""What the browser keeps to let people write without a network: a blank copy of the form, and who hands it out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.access import public
from feedback.forms.public import SpeakForm
from feedback.views.public.speaking import delays

NOT_WITHOUT_NETWORK = ("voice", "picture", "once")


@public
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The form as it opens without a network: the same for everyone, without token, id or file."""
    form = SpeakForm()
    for name in NOT_WITHOUT_NETWORK:
        del form.fields[name]
    return render(request, "feedback/public/offline.html", {"form": form, "delays": delays(), "public_languages": []})


@public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps that copy; it stands under the address of the form, and serves nothing else."""
    return render(request, "feedback/public/worker.js", content_type="text/javascript")
