"""Settings of people: who is invited, what each does, who leaves and who takes over."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.flash import flash
from core.pages import page_of
from core.transitions import Refused
from directory.actions import turnover
from directory.actions.people import change_person, invite
from directory.forms.people import DepartureForm, InvitationForm, PeopleFilter, PersonForm
from directory.models import User
from directory.permissions import organisations_kept_by, people_kept_by
from directory.requests import StaffRequest
from directory.roles import DESCRIPTIONS, Role

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def people(request: StaffRequest) -> HttpResponse:
    if not organisations_kept_by(request.user).exists():
        raise Http404
    form = PeopleFilter(request.GET, by=request.user)
    rows = form.found(people_kept_by(request.user))
    rows = rows.select_related("organisation", "office", "deputy").prefetch_related("role_rows")
    page = page_of(rows, request, per_page=50)
    return render(request, "directory/people.html", {"filter_form": form, "page": page})


@require_http_methods(FORM_METHODS)
def invitation(request: StaffRequest) -> HttpResponse:
    if not organisations_kept_by(request.user).exists():
        raise Http404
    form = InvitationForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            person = invite(
                email=said["email"],
                name=said["name"],
                organisation=said["organisation"],
                roles=[Role(role) for role in said["roles"]],
                by=request.user,
            )
        except Refused as refusal:
            form.add_error("email", str(refusal.reason))
        else:
            flash(request, _("%(name)s reçoit un courriel pour choisir son mot de passe.") % {"name": person.name})
            return redirect("directory:people")
    context = {"form": form, "descriptions": [(Role(role).label, text) for role, text in DESCRIPTIONS.items()]}
    return render(request, "directory/invitation.html", context)


@require_http_methods(FORM_METHODS)
def person(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(people_kept_by(request.user).select_related("organisation"), pk=pk)
    form = PersonForm(request.POST or None, person=row, by=request.user)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        change_person(
            row,
            by=request.user,
            roles=[Role(role) for role in said["roles"]],
            office=said["office"],
            deputy=said["deputy"],
            places=said["places"],
        )
        flash(request, _("Le compte de %(name)s est à jour.") % {"name": row.name})
        return redirect("directory:people")
    may_forget = request.user.has_role(Role.ADMINISTRATOR) and is_mfa_enabled(row)
    return render(request, "directory/person.html", {"form": form, "person": row, "may_forget_factors": may_forget})


@require_http_methods(FORM_METHODS)
def close(request: StaffRequest, pk: int) -> HttpResponse:
    """Someone of the agency has left."""
    row = get_object_or_404(people_kept_by(request.user).exclude(pk=request.user.pk), pk=pk, is_active=True)
    form = DepartureForm(request.POST or None, person=row)
    if request.method == "POST" and form.is_valid() and _left(form, row, by=request.user):
        flash(request, _("Le compte de %(name)s est fermé. %(taken)s") % {"name": row.name, "taken": _taken(row)})
        return redirect("directory:people")
    return render(request, "directory/departure.html", {"form": form, "person": row})


@require_http_methods(FORM_METHODS)
def depart(request: StaffRequest) -> HttpResponse:
    """One's own departure: it ends this session."""
    form = DepartureForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid() and _left(form, request.user, by=request.user):
        logout(request)
        flash(request, _("Votre compte est fermé. Merci de ce que vous avez fait ici."))
        return redirect("account_login")
    return render(request, "directory/departure.html", {"form": form, "person": request.user})


@require_POST
def sign_out(request: StaffRequest, pk: int) -> HttpResponse:
    """A session of somebody else's may be in the wrong hands."""
    row = get_object_or_404(people_kept_by(request.user).exclude(pk=request.user.pk), pk=pk)
    turnover.sign_out_everywhere(row, by=request.user)
    flash(request, _("%(name)s : toutes ses sessions sont fermées.") % {"name": row.name})
    return redirect("directory:person", row.pk)


@require_POST
def forget_factors(request: StaffRequest, pk: int) -> HttpResponse:
    """Their telephone is lost, and their recovery codes too."""
    row = get_object_or_404(people_kept_by(request.user).exclude(pk=request.user.pk), pk=pk)
    try:
        turnover.forget_factors(row, by=request.user)
    except Refused:
        raise Http404 from None
    flash(request, _("%(name)s règle une nouvelle double authentification à sa connexion.") % {"name": row.name})
    return redirect("directory:person", row.pk)


@require_POST
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(people_kept_by(request.user), pk=pk)
    turnover.reopen_account(row, by=request.user)
    flash(request, _("Le compte de %(name)s est rouvert.") % {"name": row.name})
    return redirect("directory:people")


def _left(form: DepartureForm, person: User, *, by: User) -> bool:
    try:
        turnover.leave(person, successor=form.cleaned_data["successor"], by=by)
    except Refused as refusal:
        form.add_error("successor", str(refusal.reason))
        return False
    return True


def _taken(person: User) -> str:
    if person.deputy is None:
        return ""
    return _("Ce qui l’attendait attend désormais %(name)s.") % {"name": person.deputy.name}
