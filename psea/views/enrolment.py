"""The key's first day, and new secrets for it: shown once, noted on paper, typed back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from core.flash import flash
from core.sealing import WrongPassphrase
from core.transitions import Refused
from directory.roles import HOLDS_KEY
from psea.actions import Enrolment, confirm_enrolment, confirm_secrets, enrol_handler, renew_secrets
from psea.actions.keys import WrongCode
from psea.databases import VAULT
from psea.forms import BothForm
from psea.models import HandlerKey
from psea.session import OpenVault
from psea.views.access import first_page, key_open, key_role, user_of, vault_page
from psea.views.opening import opened


@key_role
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """The first day: what passphrase and code are, then both, once."""
    user = user_of(request, HOLDS_KEY)
    has_key = HandlerKey.objects.using(VAULT).of(user).exists()
    if request.method == "GET" or has_key:
        return render(request, "psea/enrol.html", {"has_key": has_key})
    return render(request, "psea/enrol_words.html", _shown(enrol_handler(user=user, by=user)) | {"form": BothForm()})


@sensitive_post_parameters()
@sensitive_variables("form")
@key_role
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Passphrase and code typed back: only then does the key live, and only once approved is anything sealed to it."""
    user = user_of(request, HOLDS_KEY)
    form = BothForm(request.POST)
    waiting = HandlerKey.objects.using(VAULT).filter(user_id=user.pk, confirmed_at=None).first()
    if waiting is None:
        return redirect("psea:enrol")
    if form.is_valid():
        try:
            reader = confirm_enrolment(key_id=waiting.pk, by=user, **form.cleaned_data)
        except WrongPassphrase as error:
            _say_what_differs(form, error)
        else:
            flash(
                request,
                _("Votre clé est prête. Deux personnes de la coordination, averties, doivent encore l’approuver."),
            )
            return opened(request, reader, first_page(user))
    return render(request, "psea/enrol_words.html", {"words": None, "form": form})


@key_open
@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest, vault: OpenVault) -> HttpResponse:
    """A new passphrase and a new code for the same key."""
    if request.method == "GET":
        return vault_page(request, vault, "psea/renew.html", {})
    made = renew_secrets(reader=vault.reader, by=user_of(request, HOLDS_KEY))
    return vault_page(request, vault, "psea/renew_words.html", _shown(made) | {"form": BothForm()})


@sensitive_post_parameters()
@sensitive_variables("form")
@key_open
@require_POST
def renew_confirm(request: HttpRequest, vault: OpenVault) -> HttpResponse:
    """Typed back: the former ones open nothing any more."""
    user = user_of(request, HOLDS_KEY)
    form = BothForm(request.POST)
    if form.is_valid():
        try:
            confirm_secrets(reader=vault.reader, by=user, **form.cleaned_data)
        except WrongPassphrase as error:
            _say_what_differs(form, error)
        except Refused as error:
            form.add_error(None, str(error.reason))
        else:
            flash(
                request, _("Votre nouvelle phrase et votre nouveau code sont en place. Détruisez l’ancienne feuille.")
            )
            return redirect(first_page(user))
    return vault_page(request, vault, "psea/renew_words.html", {"words": None, "form": form})


def _shown(made: Enrolment) -> dict[str, object]:
    return {"words": made.passphrase.split(), "code": made.code}


def _say_what_differs(form: BothForm, error: WrongPassphrase) -> None:
    if isinstance(error, WrongCode):
        form.add_error("code", _("Ce n’est pas le code affiché. Relisez votre feuille."))
    else:
        form.add_error(None, _("Ce ne sont pas les mots notés. Relisez votre feuille, ou recommencez."))
