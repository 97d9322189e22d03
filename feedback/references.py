"""Staff references: random, without order or gaps, and without signs that are mistaken for one another."""

from __future__ import annotations

import secrets

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """Such as `K7Q-4MD`."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(6))
    return f"{signs[:3]}-{signs[3:]}"
