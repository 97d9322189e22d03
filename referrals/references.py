"""How staff name a referral to one another: random, so that no numbering has gaps."""

from __future__ import annotations

import secrets

# Without letters and digits that are mistaken for one another when read aloud or copied.
ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXY"


def new_reference() -> str:
    """`R-7KQ-4MD`"""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return f"R-{letters[:3]}-{letters[3:]}"
