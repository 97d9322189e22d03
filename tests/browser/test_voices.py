"""A recording of which only the sound was kept is still played, and sounds as before."""

from __future__ import annotations

import base64

import pytest

from core.audio import packed, unpacked
from tests.stack.browser import Screens
from tests.voices import RECORDED

pytestmark = pytest.mark.once

# No browser plays AMR.
PLAYED = {path.name: path.read_bytes() for path in RECORDED if path.name not in {"amr.amr", "amr.3gp"}}
HEARD = """async said => {
    const bytes = Uint8Array.from(atob(said), one => one.charCodeAt(0));
    const sound = await new OfflineAudioContext(1, 8000, 8000).decodeAudioData(bytes.buffer);
    return [sound.duration, Math.max(...sound.getChannelData(0))];
}"""
# What the program that made an MP3 wrote of the silence it put at both ends is not kept.
SILENCE_OF_MP3 = 0.15


@pytest.mark.parametrize("name", PLAYED)
def test_the_sound_is_that_of_before(name: str, screens: Screens) -> None:
    page = screens.page_of(None)
    page.goto("/confidentialite/")
    before, after = (
        page.evaluate(HEARD, base64.b64encode(content).decode())
        for content in (PLAYED[name], unpacked(packed(PLAYED[name]))[1])
    )
    assert before[0] > 0.15
    assert after == pytest.approx(before, abs=SILENCE_OF_MP3 if name == "mp3.mp3" else 0.001)
