"""The locked page, the code beside the passphrase, and locking again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from core.flash import flash
from core.pages import safe_next
from core.sealing import WrongPassphrase
from directory.models import User
from directory.roles import HOLDS_KEY
from psea.actions import mend, unlock
from psea.actions.drafts import drafts_of, keep_draft
from psea.databases import VAULT
from psea.drill import is_proved
from psea.forms import CodeForm, PassphraseForm
from psea.models import HandlerKey
from psea.readers import Reader
from psea.session import count_wrong_try, forget_tries, is_slowed, lock_vault, open_vault, opened_vault
from psea.views.access import first_page, key_role, user_of


@sensitive_post_parameters()
@sensitive_variables("form")
@key_role
@require_http_methods(["GET", "POST"])
def locked(request: HttpRequest) -> HttpResponse:
    """A calm page that asks for the passphrase. No count, no title."""
    user = user_of(request, HOLDS_KEY)
    key = HandlerKey.objects.using(VAULT).of(user).first()
    if key is None:
        return redirect("psea:enrol")
    vault = opened_vault(request)
    if request.method == "GET" and vault is not None and vault.is_fresh:
        return redirect(safe_next(request, first_page(user)))
    form = PassphraseForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        reader = _tried(form, user, passphrase=form.cleaned_data["passphrase"])
        if reader is not None:
            return opened(request, reader, safe_next(request, first_page(user)))
        status = 429 if is_slowed(user) else 200
    context = {
        "form": form,
        "next": safe_next(request, ""),
        "is_drill": not is_proved(key),
        "is_open": vault is not None,
    }
    return render(request, "psea/locked.html", context, status=status)


@sensitive_post_parameters()
@sensitive_variables("form")
@key_role
@require_http_methods(["GET", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    """The passphrase is lost: the printed code opens the key, and a new passphrase follows at once."""
    user = user_of(request, HOLDS_KEY)
    if not HandlerKey.objects.using(VAULT).of(user).exists():
        return redirect("psea:enrol")
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        reader = _tried(form, user, code=form.cleaned_data["code"])
        if reader is not None:
            flash(request, _("Votre code a ouvert votre clé. Faites-vous maintenant une nouvelle phrase."), tone="info")
            return opened(request, reader, reverse("psea:renew"))
        status = 429 if is_slowed(user) else 200
    return render(request, "psea/by_code.html", {"form": form}, status=status)


@key_role
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Locks at once. What a page was left with, idle, comes along and is kept, sealed to its author."""
    user = user_of(request, HOLDS_KEY)
    path = request.POST.get("draft_path", "")
    is_kept = path.startswith("/vault/") and keep_draft(path=path, fields=dict(request.POST.lists()), by=user)
    response = redirect("psea:locked")
    lock_vault(request, response)
    if is_kept:
        flash(request, _("Le coffre s’est verrouillé. Votre saisie est gardée, scellée pour vous."), tone="info")
    else:
        flash(request, _("Le coffre est verrouillé."), tone="info")
    return response


def opened(request: HttpRequest, reader: Reader, where: str) -> HttpResponse:
    """The vault is open: what too few can read is mended, what was being typed is given back."""
    user = user_of(request, HOLDS_KEY)
    mended = mend(reader=reader, by=user)
    if mended.joined:
        said = ngettext(
            "%(count)s dossier que trop peu de personnes pouvaient lire a été ouvert à d’autres.",
            "%(count)s dossiers que trop peu de personnes pouvaient lire ont été ouverts à d’autres.",
            mended.joined,
        )
        flash(request, said % {"count": mended.joined}, tone="info")
    is_waiting = bool(drafts_of(reader=reader, by=user)) and where != reverse("psea:renew")
    response = redirect("psea:drafts" if is_waiting else where)
    open_vault(request, response, reader)
    return response


def _tried(form: PassphraseForm | CodeForm, user: User, *, passphrase: str = "", code: str = "") -> Reader | None:
    if is_slowed(user):
        form.add_error(None, _("Trop d'essais. Attendez cinq minutes avant d'essayer encore."))
        return None
    try:
        reader = unlock(by=user, passphrase=passphrase, code=code)
    except WrongPassphrase:
        count_wrong_try(user)
        wrong = _("Ce code n’ouvre pas votre clé. Vérifiez chaque groupe.") if code else None
        said = _("Cette phrase n'ouvre pas le coffre. Vérifiez l'ordre et l'orthographe des mots.")
        form.add_error(None, wrong or said)
        return None
    forget_tries(user)
    return reader
