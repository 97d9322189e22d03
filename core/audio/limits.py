"""How many pieces a recording may be made of: enough for hours of voice, too few to keep us counting."""

MOST_PIECES = 200_000
MOST_FALSE_STARTS = 10_000
