"""Settings of the directory: organisations, offices, services, scopes. Others: `people.py`, `systems.py`."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q
from django.forms import ModelForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import audit
from core.flash import flash
from core.formats import format_date
from core.models import AuditEntry
from core.pages import page_of, safe_next
from directory.actions.services import confirm_service, keep_service
from directory.actions.witnesses import faults
from directory.audit_words import who_and_what
from directory.forms.directory import OfficeForm, OrganisationForm, PartnerForm, ScopeForm, ServiceForm
from directory.models import Office, Organisation, PartnerLink, Scope, Service
from directory.permissions import (
    keeps_directory,
    may_add_service,
    organisations_kept_by,
    services_kept_by,
)
from directory.requests import StaffRequest
from directory.roles import Role

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def settings_home(request: StaffRequest) -> HttpResponse:
    if not keeps_directory(request.user):
        raise Http404
    keeps_people = organisations_kept_by(request.user).exists()
    context = {
        "is_administrator": request.user.has_role(Role.ADMINISTRATOR),
        "keeps_people": keeps_people,
        "audit_faults": faults(timezone.now()) if keeps_people else [],
        "keeps_texts": request.user.has_role(Role.WORKING_GROUP, Role.ADMINISTRATOR),
    }
    return render(request, "directory/settings.html", context)


@require_http_methods(FORM_METHODS)
def organisation_form(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    kept = organisations_kept_by(request.user)
    if pk is None and not request.user.has_role(Role.ADMINISTRATOR):
        raise Http404
    row = get_object_or_404(kept, pk=pk) if pk is not None else Organisation()
    title = _("Modifier l'organisation") if pk is not None else _("Nouvelle organisation")
    form = OrganisationForm(request.POST or None, instance=row, by=request.user)
    return _edited(request, form, title, "directory:organisations")


@require_http_methods(FORM_METHODS)
def office_form(request: StaffRequest, organisation_pk: int, pk: int | None = None) -> HttpResponse:
    organisation = get_object_or_404(organisations_kept_by(request.user), pk=organisation_pk)
    row = get_object_or_404(organisation.offices, pk=pk) if pk is not None else Office(organisation=organisation)
    form = OfficeForm(request.POST or None, instance=row)
    return _edited(request, form, _("Bureau"), "directory:organisation", organisation.pk)


@require_http_methods(FORM_METHODS)
def partner_form(request: StaffRequest, organisation_pk: int, pk: int | None = None) -> HttpResponse:
    """A partner under contract: administrators alone, for it opens referrals to the agency."""
    only_for(request, Role.ADMINISTRATOR)
    agency = get_object_or_404(Organisation.objects.active(), pk=organisation_pk)
    row = get_object_or_404(agency.partner_links, pk=pk) if pk is not None else PartnerLink(agency=agency)
    form = PartnerForm(request.POST or None, instance=row)
    return _edited(request, form, _("Partenaire sous contrat"), "directory:organisation", agency.pk)


@require_http_methods(FORM_METHODS)
def service_form(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    kept = services_kept_by(request.user)
    if pk is None and not may_add_service(request.user):
        raise Http404
    row = get_object_or_404(kept, pk=pk) if pk is not None else Service(organisation=request.user.organisation)
    everyone = request.user.has_role(Role.ADMINISTRATOR, Role.WORKING_GROUP)
    organisations = Organisation.objects.active()
    if not everyone:
        organisations = organisations.filter(pk=request.user.organisation_id)
    form = ServiceForm(request.POST or None, instance=row, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        keep_service(form.save(commit=False), places=form.cleaned_data["places"], by=request.user)
        flash(request, _("C'est enregistré."))
        return redirect("directory:directory")
    context = {"form": form, "title": _("Service"), "back": reverse("directory:directory")}
    return render(request, "directory/form.html", context)


@require_POST
def service_confirm(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(services_kept_by(request.user), pk=pk)
    confirm_service(row, by=request.user)
    flash(request, _("Merci : ce service est confirmé jusqu’au %(day)s.") % {"day": format_date(row.valid_until)})
    return redirect(safe_next(request, reverse("directory:directory")))


@require_http_methods(FORM_METHODS)
def scope_form(request: StaffRequest, code: str) -> HttpResponse:
    only_for(request, Role.ADMINISTRATOR, Role.WORKING_GROUP)
    row = get_object_or_404(Scope, code=code)
    return _edited(request, ScopeForm(request.POST or None, instance=row), row.name, "directory:scopes")


@require_safe
def scopes(request: StaffRequest) -> HttpResponse:
    only_for(request, Role.ADMINISTRATOR, Role.WORKING_GROUP)
    return render(request, "directory/scopes.html", {"scopes": Scope.objects.prefetch_related("places")})


@require_safe
def audit_trail(request: StaffRequest) -> HttpResponse:
    """The ordinary database's audit of the directory, lines and calendar: who changed which account or setting."""
    only_for(request, Role.ADMINISTRATOR)
    kept = Q(act__startswith="directory.") | Q(act__startswith="core.line.") | Q(act__startswith="core.day.")
    rows = AuditEntry.objects.filter(kept).order_by("-recorded_at", "id")
    page = page_of(rows, request, per_page=50)
    return render(request, "directory/audit.html", {"page": page, "entries": who_and_what(list(page))})


def only_for(request: StaffRequest, *roles: Role) -> None:
    if not request.user.has_role(*roles):
        raise Http404


def _edited(request: StaffRequest, form: ModelForm[Any], title: str, view: str, *arguments: Any) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        row: Model = form.save()
        audit.record(f"{row._meta.label_lower}.edit", by=request.user, target=row)
        flash(request, _("C'est enregistré."))
        return redirect(view, *arguments)
    return render(request, "directory/form.html", {"form": form, "title": title, "back": reverse(view, args=arguments)})
