"""The directory: who does what, where."""

from __future__ import annotations

from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.pages import page_of
from directory.forms.directory import DirectoryFilter
from directory.joining import missing_of, with_joining
from directory.models import Organisation, Place, Service, User
from directory.permissions import may_add_service, may_print_services, organisations_kept_by, services_kept_by, stale_of
from directory.querysets import ServiceQuerySet
from directory.requests import StaffRequest
from directory.roles import Role


@require_safe
def directory(request: StaffRequest) -> HttpResponse:
    form = DirectoryFilter(request.GET)
    services = _found(Service.objects.visible_to(request.user), form, request.user)
    kept = services_kept_by(request.user)
    page = page_of(services, request, per_page=30)
    context = {
        "filter_form": form,
        "page": page,
        "may_print": may_print_services(request.user),
        "may_add": may_add_service(request.user),
        "kept": set(kept.values_list("pk", flat=True)),
        "stale_count": stale_of(request.user).count(),
    }
    return render(request, "directory/directory.html", context)


@require_safe
def organisations(request: StaffRequest) -> HttpResponse:
    rows = with_joining(Organisation.objects.active()).prefetch_related(Prefetch("offices__place"))
    page = page_of(rows, request, per_page=50)
    joining = [(row, missing_of(row)) for row in page]
    return render(request, "directory/organisations.html", {"page": page, "rows": joining})


@require_safe
def organisation(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(with_joining(Organisation.objects.active()), pk=pk)
    services = Service.objects.visible_to(request.user).filter(organisation=row).prefetch_related("places")
    context = {
        "organisation": row,
        "missing": missing_of(row),
        "offices": row.offices.select_related("place").prefetch_related("covers"),
        "services": services,
        "partners": row.partner_links.select_related("partner"),
        "agencies": row.agency_links.select_related("agency"),
        "may_change_partners": request.user.has_role(Role.ADMINISTRATOR),
        "may_change": organisations_kept_by(request.user).filter(pk=pk).exists(),
    }
    return render(request, "directory/organisation.html", context)


def _found(services: ServiceQuerySet, form: DirectoryFilter, user: User) -> ServiceQuerySet:
    services = services.filter(organisation__is_active=True).select_related("organisation", "office")
    services = services.prefetch_related("places")
    if not form.is_valid():
        return services
    wanted = form.cleaned_data
    if wanted["q"]:
        services = services.filter(
            Q(organisation__name__icontains=wanted["q"]) | Q(organisation__acronym__icontains=wanted["q"])
        )
    for name in ("kind", "sector"):
        if wanted[name]:
            services = services.filter(**{name: wanted[name]})
    if wanted["stale"]:
        services = services.stale(timezone.localdate())
    if wanted["ours"]:
        services = services.filter(organisation=user.organisation_id)
    region: Place | None = wanted["region"]
    if region is not None:
        services = services.filter(Q(places=region) | Q(places__parent=region)).distinct()
    return services
