"""Pictures: read by a library, drawn anew, and kept as sealed text. What a camera wrote beside them does not stay."""

from __future__ import annotations

import io
import warnings

from django.http import HttpResponse
from PIL import Image, ImageOps, UnidentifiedImageError

from core.attached import Unreadable, as_text, from_text, in_a_sandbox

READ = ("JPEG", "PNG", "WEBP")
KIND = "image/jpeg"
# Large enough to read a paper on it, small enough for a bad line.
LONGEST_SIDE = 1600
MOST_PIXELS = 60_000_000
QUALITY = 80


def packed_picture(content: bytes) -> str:
    """A picture drawn anew, upright and on white, as one text to be sealed. Raises Unreadable for what is none."""
    drawn = io.BytesIO()
    _redrawn(content).save(drawn, "JPEG", quality=QUALITY)
    return as_text(KIND, drawn.getvalue())


def shown(text: str) -> HttpResponse:
    """A picture for the browser that asked, which may do nothing with it but show it. Raises Unreadable."""
    return in_a_sandbox(*from_text(text, {KIND}))


def _redrawn(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content), formats=READ) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unreadable
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright.getchannel("A"))
    return paper
