"""What a page weighs on a bad line: every byte that came, and every answer uncompressed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, Response

PUBLIC_BYTES, STAFF_BYTES = 50_000, 200_000


@dataclass
class Weight:
    """Fills up while a window loads: bytes on the wire, heads included; and the answers themselves."""

    on_the_wire: list[int] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    def unpacked(self) -> dict[str, int]:
        """Bytes of each address, as if nothing were compressed."""
        return {answer.url: len(answer.body()) for answer in self.answers}


def weighing(page: Page) -> Weight:
    """Weighs what this window loads from now on, nothing cached."""
    weight = Weight()

    def keep(answer: Response) -> None:
        weight.answers.append(answer)

    def done(event: dict[str, Any]) -> None:
        weight.on_the_wire.append(int(event["encodedDataLength"]))

    page.on("response", keep)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    devtools.on("Network.loadingFinished", done)
    return weight
