"""Scripts and styles collected and compressed: pages of the demonstration weigh what they would in production."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from whitenoise.compress import Compressor


def collect_static() -> None:
    """Collects into `STATIC_ROOT`, and compresses what changed since."""
    call_command("collectstatic", interactive=False, verbosity=0)
    compressor = Compressor(quiet=True, use_brotli=False)
    for path in sorted(Path(settings.STATIC_ROOT).rglob("*")):
        if path.is_file() and compressor.should_compress(path.name) and not _is_compressed(path):
            compressor.compress(str(path))


def _is_compressed(path: Path) -> bool:
    packed = path.with_name(path.name + ".gz")
    return packed.exists() and packed.stat().st_mtime >= path.stat().st_mtime
