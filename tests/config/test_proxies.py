"""Whose address a wrong password counts against: in production one proxy stands before us, unless told otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as known
from django.core.checks import run_checks

pytestmark = pytest.mark.once
ASK = "import sys; sys.argv = ['manage.py', 'check']; from config import settings; print(settings.{name})"


@pytest.mark.parametrize(
    ("told", "count"), [({}, "1"), ({"TRUSTED_PROXIES": "2"}, "2"), ({"DEBUG": "1"}, "0")], ids=["", "two", "at-home"]
)
def test_production_trusts_one_proxy_by_itself(told: dict[str, str], count: str, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **told}
    command = [sys.executable, "-c", ASK.format(name="ALLAUTH_TRUSTED_PROXY_COUNT")]
    done = subprocess.run(
        command, cwd=known.BASE_DIR, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == count


@pytest.mark.parametrize(("is_production", "count", "is_said"), [(True, 0, True), (True, 1, False), (False, 0, False)])
def test_the_deployment_check_says_that_everybody_would_share_one_address(
    settings: Any, is_production: bool, count: int, is_said: bool
) -> None:
    settings.PRODUCTION, settings.ALLAUTH_TRUSTED_PROXY_COUNT = is_production, count
    found = run_checks(tags=["settings"], include_deployment_checks=True)
    assert ("config.W005" in {one.id for one in found}) == is_said
