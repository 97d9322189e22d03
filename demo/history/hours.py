"""Time in a story: it only goes forward, and never past the present."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

MARGIN = timedelta(minutes=5)
NOT_AT_ONCE = 4


class Hours:
    """One story's time, up to `limit`, and its chance, `rng`.

    `after(2, 30)` moves between 2 and 30 hours on, by chance; near the present the steps grow short.
    """

    def __init__(self, start: datetime, limit: datetime, rng: Random) -> None:
        self.moment = start
        self.limit = limit
        self.rng = rng

    def after(self, least: float, most: float) -> datetime:
        """The moment of the next step."""
        wished = self.moment + timedelta(hours=self.rng.uniform(least, most))
        room = max((self.limit - MARGIN - self.moment) / NOT_AT_ONCE, timedelta(0))
        self.moment = min(wished, self.moment + room)
        return self.moment
