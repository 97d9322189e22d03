"""Gives the product of the environment a recovery key, pinned and approved, so that whatever must be sealed can be.

python -m bench.vault_key
"""

from __future__ import annotations

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

# ruff: noqa: E402  models need Django set up
from django.conf import settings

from tests.vault_keys import pin_signers, recovery_key

if __name__ == "__main__":
    pin_signers(Path(settings.VAULT_PINS_FILE).parent)
    recovery_key()
