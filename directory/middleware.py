"""Roles that reach confidential matters must have a second factor before anything else."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from directory.models import User


class SecondFactorMiddleware:
    """Sends whoever needs a second factor and has none to where it is set up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and user.needs_second_factor and not self._may_pass(request, user):
            return redirect(reverse("mfa_activate_totp"))
        return self.get_response(request)

    def _may_pass(self, request: HttpRequest, user: User) -> bool:
        open_paths = (reverse("mfa_index"), reverse("account_logout"), reverse("account_reauthenticate"), "/static/")
        return request.path.startswith((*open_paths, "/i18n/")) or is_mfa_enabled(user)
