"""An invented photo: a pump under a wide sky."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw

from core.documents import packed_document

SIZE = (640, 420)


@cache
def photo() -> str:
    """As one text to be sealed (`core.documents`); drawn once."""
    picture = Image.new("RGB", SIZE, "#a9cbe0")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 270, *SIZE), fill="#c9a26b")
    draw.rectangle((250, 285, 400, 330), fill="#8d8d86")
    draw.rectangle((300, 150, 345, 290), fill="#3a5f7d")
    draw.line((322, 165, 470, 120), fill="#3a5f7d", width=12)
    draw.line((322, 205, 230, 215), fill="#3a5f7d", width=14)
    content = io.BytesIO()
    picture.save(content, "PNG")
    return packed_document(content.getvalue())
