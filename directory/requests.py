"""What a view of a staff page is given: nobody comes here unsigned (core/access.py)."""

from __future__ import annotations

from django.http import HttpRequest

from directory.models import User


class StaffRequest(HttpRequest):
    """A request of somebody signed in."""

    user: User
