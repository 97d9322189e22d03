"""Sign-in: people are invited by their organisation, nobody signs up.

Who signed in, and who did not, is a line of the log and no row of the audit: an organisation's auditors would read from
it when somebody was called at night.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from directory.models import User

logger = logging.getLogger(__name__)


class InvitedOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        logger.info("signed in", extra={"user": user.pk})

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Whose account was tried, where there is one; never what was typed."""
        tried = User.objects.filter(email__iexact=credentials.get("email") or "").values_list("pk", flat=True)
        logger.warning("a sign-in failed", extra={"user": tried.first()})
