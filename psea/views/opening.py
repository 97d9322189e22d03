"""The locked page, the key's first day, and locking again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from core.flash import flash
from core.pages import safe_next
from core.sealing import WrongPassphrase
from psea.actions import confirm_enrolment, enrol_handler, unlock
from psea.databases import VAULT
from psea.forms import PassphraseForm
from psea.models import HandlerKey
from psea.readers import Reader
from psea.session import count_wrong_try, forget_tries, is_slowed, lock_vault, open_vault, opened_vault
from psea.views.access import user_of, vault_role


@sensitive_post_parameters()
@sensitive_variables("form")
@vault_role
@require_http_methods(["GET", "POST"])
def locked(request: HttpRequest) -> HttpResponse:
    """A calm page that asks for the passphrase. No count, no title."""
    user = user_of(request)
    if not HandlerKey.objects.using(VAULT).of_people().filter(user_id=user.pk).exists():
        return redirect("psea:enrol")
    if request.method == "GET" and opened_vault(request) is not None:
        return redirect(safe_next(request, reverse("psea:cases")))
    form = PassphraseForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        reader = _tried(request, form)
        if reader is not None:
            return _opened(request, reader, safe_next(request, reverse("psea:cases")))
        status = 429 if is_slowed(user) else 200
    context = {"form": form, "next": safe_next(request, "")}
    return render(request, "psea/locked.html", context, status=status)


@vault_role
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Locks at once."""
    response = redirect("psea:locked")
    lock_vault(request, response)
    flash(request, _("Le coffre est verrouillé."), tone="info")
    return response


@vault_role
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """The first day: what a passphrase is, then the passphrase itself, once."""
    user = user_of(request)
    has_key = HandlerKey.objects.using(VAULT).of_people().filter(user_id=user.pk).exists()
    if request.method == "GET" or has_key:
        return render(request, "psea/enrol.html", {"has_key": has_key})
    enrolment = enrol_handler(user=user, by=user)
    words = enrolment.passphrase.split()
    return render(request, "psea/enrol_words.html", {"words": words, "form": PassphraseForm()})


@sensitive_post_parameters()
@sensitive_variables("form")
@vault_role
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """The passphrase typed back: only then is anything sealed to this key."""
    user = user_of(request)
    form = PassphraseForm(request.POST)
    waiting = HandlerKey.objects.using(VAULT).filter(user_id=user.pk, confirmed_at=None).first()
    if waiting is None:
        return redirect("psea:enrol")
    if form.is_valid():
        try:
            passphrase = form.cleaned_data["passphrase"]
            reader = confirm_enrolment(key_id=waiting.pk, passphrase=passphrase, by=user)
        except WrongPassphrase:
            form.add_error(None, _("Ce ne sont pas les mots notés. Relisez votre feuille, ou recommencez."))
        else:
            flash(request, _("Votre clé est prête. Rangez la feuille loin du téléphone et de l'ordinateur."))
            return _opened(request, reader, reverse("psea:cases"))
    return render(request, "psea/enrol_words.html", {"words": None, "form": form})


def _tried(request: HttpRequest, form: PassphraseForm) -> Reader | None:
    user = user_of(request)
    if is_slowed(user):
        form.add_error(None, _("Trop d'essais. Attendez cinq minutes avant d'essayer encore."))
        return None
    try:
        reader = unlock(by=user, passphrase=form.cleaned_data["passphrase"])
    except WrongPassphrase:
        count_wrong_try(user)
        form.add_error(None, _("Cette phrase n'ouvre pas le coffre. Vérifiez l'ordre et l'orthographe des mots."))
        return None
    forget_tries(user)
    return reader


def _opened(request: HttpRequest, reader: Reader, where: str) -> HttpResponse:
    response = redirect(where)
    open_vault(request, response, reader)
    return response
