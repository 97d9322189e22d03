"""Intervals of what was counted."""

from __future__ import annotations

from math import sqrt

# Of a normal distribution: 95 % lie within.
Z = 1.959964


def wilson(found: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share, after Wilson: it stays within 0 and 1 and holds for small counts too."""
    if of == 0:
        return 0.0, 1.0
    share, weight = found / of, Z * Z / of
    centre = (share + weight / 2) / (1 + weight)
    half = Z * sqrt(share * (1 - share) / of + weight / (4 * of)) / (1 + weight)
    return max(0.0, centre - half), min(1.0, centre + half)
