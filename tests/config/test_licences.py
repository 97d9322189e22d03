"""Every package that a release installs declares a licence, and none that a release may not be given with."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

# pyproject.toml says why: Django's state machine of the same name is under the AGPL from its version 5 on.
REFUSED = ("AGPL", "Affero", "Proprietary", "Commercial")


def test_every_package_of_the_lock_declares_a_licence_that_we_may_pass_on() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/licences.py", "requirements/base.txt"],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
    )  # fmt: skip
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert len(rows) > 50
    assert "django" in {name for name, _version, _licence in rows}
    assert [row for row in rows if any(word in row[2] for word in REFUSED)] == []
