"""docs/asvs.md names every requirement it should, and nothing that is not there; what it says of headers holds."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack import tables
from tests.standin.client import ROOT

pytestmark = pytest.mark.once
# The levels of each section's requirements, in order (ASVS 5.0.0).
LEVELS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223",
    "6.7": "33", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22",
    "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip
LEVEL_3_TOO = {"8", "11", "14", "16"}
STATES = {"met", "partly", "open", "deploy", "none"}
ROW = re.compile(r"^\| (V[\d.]+) \| (\d) \| (.+?) \| (\w+) \| (.*?) ?\|$", re.MULTILINE)
NAMED = re.compile(
    r"`((?:tests|core|config|directory|docs|requirements|psea)/[\w./-]+|[A-Z]+\.md|pyproject\.toml)(?:::(\w+))?`"
)
PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
# Modules that import what encrypts, signs or hashes; `docs/keys.md` says what for.
CRYPTOGRAPHY = {"cryptography", "hashlib", "hmac", "pyrage", "ssl", "nacl", "Crypto", "jwt", "random"}
KNOWN = {
    "config/development_keys.py", "config/required.py", "config/setup/keys.py", "core/audit_hashes.py",
    "core/audit_keys.py",
    "core/backups/age_streams.py", "core/backups/drill.py", "core/backups/restoring.py", "core/checkpoints.py",
    "core/http_gateway.py", "core/management/commands/backup_identity.py",
    "core/index.py", "core/keyring.py", "core/outside.py", "core/sealing.py",
    "core/twilio/account.py", "directory/api_files.py", "directory/credentials.py", "directory/fivew_rows.py",
    "feedback/actions/collected.py", "feedback/envelopes.py", "psea/age_files.py", "psea/tags.py", "psea/trust.py",
    "referrals/exchange/sealed_part.py", "referrals/exchange/signing.py", "referrals/patience.py",
    "referrals/sheets.py", "workplan/measures/measure.py", "workplan/registers/counting.py",
    "workplan/registers/given.py", "workplan/views/public.py",
}  # fmt: skip


def rows() -> list[tuple[str, ...]]:
    return ROW.findall(PAGE)


def test_every_requirement_of_the_levels_is_there_once_and_in_order() -> None:
    wanted = [
        (f"V{section}.{place}", level)
        for section, levels in LEVELS.items()
        for place, level in enumerate(levels, start=1)
        if level < "3" or section.partition(".")[0] in LEVEL_3_TOO
    ]
    assert [(row[0], row[1]) for row in rows()] == wanted
    assert sum(len(levels) for levels in LEVELS.values()) == 345
    assert {row[3] for row in rows()} == STATES


def test_what_is_met_says_by_what_and_what_is_not_says_what_lacks() -> None:
    silent = [row[0] for row in rows() if row[3] in ("met", "partly") and not row[4]]
    assert silent == ["V6.4.2"]  # there are no questions to show


def test_each_test_and_file_that_is_named_exists() -> None:
    named = NAMED.findall(PAGE)
    assert len(named) > 100
    missing = [path for path, _name in named if not (ROOT / path).exists()]
    missing += [f"{path}::{name}" for path, name in named if name and name not in _functions(ROOT / path)]
    assert missing == []


def test_cryptography_is_used_where_it_is_listed_and_nowhere_else() -> None:
    found = {
        str(path.relative_to(ROOT))
        for package in ("core", "directory", "psea", "feedback", "referrals", "workplan", "config")
        for path in (ROOT / package).rglob("*.py")
        if CRYPTOGRAPHY & set(_imported(path))
    }
    assert found == KNOWN


def _functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


# -- as production answers -------------------------------------------------------------------------------------------

ANSWERS = """
import json, sys
from django.conf import settings
import django
django.setup()
settings.ALLOWED_HOSTS = ["jaabi.example"]
settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True  # as production has them
from django.test import Client
told = {}
for path in ("/", "/parler/", "/suivi/", "/rien/", "/cases/", "/api/v1/cases/", "/healthz", "/sms/twilio/"):
    answer = Client(raise_request_exception=False).get(path, secure=True, headers={"host": "jaabi.example"})
    told[path] = dict(answer.headers) | {"cookies": [one.OutputString() for one in answer.cookies.values()]}
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """Headers and cookies, by address, of an installation behind TLS."""
    folder = tmp_path_factory.mktemp("https")
    tables.copy_files(folder)
    told = {"DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1", "PUBLIC_URL": "https://jaabi.example"}
    told |= {"VAR_DIR": str(folder), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", ANSWERS], cwd=ROOT, env=told, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, dict[str, str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_every_answer_bears_its_headers(answers: dict[str, dict[str, str]]) -> None:
    for path, headers in answers.items():
        assert headers["X-Content-Type-Options"] == "nosniff", path
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", path
        assert "no-store" in headers["Cache-Control"], path
        assert "Access-Control-Allow-Origin" not in headers, path
    for path in ("/", "/parler/", "/suivi/", "/rien/"):
        headers = answers[path]
        assert {"object-src 'none'", "base-uri 'none'"} <= set(headers["Content-Security-Policy"].split("; ")), path
        assert headers["Content-Type"] == "text/html; charset=utf-8", path
        assert headers["Referrer-Policy"] == "same-origin", path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", path


def test_cookies_are_of_this_host_alone(answers: dict[str, dict[str, str]]) -> None:
    cookies = [cookie for headers in answers.values() for cookie in headers["cookies"]]
    assert cookies
    for cookie in cookies:
        assert cookie.startswith(("__Host-", "__Secure-")), cookie
        assert {"Secure", "HttpOnly"} <= {part.strip() for part in cookie.split(";")}, cookie
        assert "SameSite=" in cookie, cookie
