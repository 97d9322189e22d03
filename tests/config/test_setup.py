"""What `manage.py setup` asks, writes and refuses, before there is a database; the rest is tests/stack."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyrage
import pytest
from django.conf import settings as our_settings
from django.core.exceptions import ImproperlyConfigured

from config.development_keys import MADE
from config.environment import Environment
from config.ranges import NAMED, RANGES
from config.required import readable, wrong_settings
from config.setup import environment_file, keys
from config.setup.questions import ADMINISTRATOR, SETTINGS, Answers, Unanswered

pytestmark = pytest.mark.once

TODAY = date(2026, 11, 27)
VALUES = {
    "SECRET_KEY": "a-_b",
    "DEFAULT_FROM_EMAIL": "Jaabi <jaabi@example.org>",
    "DATABASE_URL": "postgres://jaabi:p%40s-_s@127.0.0.1:5432/jaabi?sslmode=require&application_name=x",
    "URGENT_NUMBERS": '[{"label": "Ligne verte", "number": "80 00 #1"}]',
    "EMPTY": "",
}


def test_a_shell_and_the_settings_read_the_file_alike(tmp_path: Path) -> None:
    path = tmp_path / "jaabi.env"
    environment_file.add(path, VALUES, TODAY)
    environment_file.add(path, {"LATER": "1"}, TODAY)
    shell = subprocess.run(
        ["bash", "-c", f"set -a; . {path}; env -0"], capture_output=True, text=True, check=True, env={}
    ).stdout
    told = dict(line.split("=", 1) for line in shell.split("\0") if line)
    assert environment_file.read(path) == VALUES | {"LATER": "1"}
    assert {name: told[name] for name in VALUES} == VALUES
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("value", ["l'eau", "$HOME", "a\nB=c", "a\\b"])
def test_what_two_readers_would_read_differently_is_refused_and_nothing_is_written(tmp_path: Path, value: str) -> None:
    path = tmp_path / "jaabi.env"
    with pytest.raises(environment_file.Unwritable, match="NAME"):
        environment_file.add(path, {"GOOD": "1", "NAME": value}, TODAY)
    assert not path.exists()


def test_all_that_is_missing_or_wrong_is_said_at_once() -> None:
    given = {"PUBLIC_URL": "http://jaabi.example.org", "REDIS_URL": "127.0.0.1", "SETUP_ADMIN_NAME": "Aïssata"}
    with pytest.raises(Unanswered) as refused:
        Answers(given).to((*SETTINGS, *ADMINISTRATOR))
    said = str(refused.value)
    for name in ("PUBLIC_URL", "REDIS_URL", "EMAIL_URL", "SETUP_ADMIN_EMAIL", "SETUP_ADMIN_ORGANISATION"):
        assert name in said
    assert "COUNTRY" not in said
    assert "SETUP_ADMIN_NAME" not in said


def test_who_is_there_is_asked_again_until_the_answer_is_good(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["http://jaabi.example.org", "", "https://jaabi.example.org"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(typed))
    question = next(one for one in SETTINGS if one.name == "PUBLIC_URL")
    assert Answers({}, may_ask=True).to([question]) == {"PUBLIC_URL": "https://jaabi.example.org"}


def test_the_sheet_of_keys_is_its_owners_gives_each_key_back_and_is_never_overwritten(tmp_path: Path) -> None:
    made, path = keys.missing_keys({"INDEX_KEY"}), tmp_path / "keys-to-print.txt"
    keys.write_record(path, made, "https://jaabi.example.org", TODAY)
    printed = path.read_text().replace(" ", "").replace("\n", "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "INDEX_KEY" not in made
    assert all(made[name] in printed for name in ("SEALING_KEYS", "VAULT_SEALING_KEYS", "VAULT_INDEX_KEY"))
    assert made["SECRET_KEY"] not in printed
    with pytest.raises(FileExistsError):
        keys.write_record(path, made, "", TODAY)


# -- every wrong setting has its sentence ----------------------------------------------------------------------------


def good() -> SimpleNamespace:
    postgres = {"ENGINE": "django.db.backends.postgresql"}
    aliases = ("default", "vault", "vault_intake", "vault_owner")
    return SimpleNamespace(
        **{name: MADE[name]() for name in ("SECRET_KEY", "INDEX_KEY", "VAULT_INDEX_KEY")},
        **{name: [MADE[name]()] for name in ("SEALING_KEYS", "VAULT_SEALING_KEYS", "AUDIT_SIGNING_KEYS")},
        PUBLIC_URL="https://jaabi.example.org",
        ALLOWED_HOSTS=["jaabi.example.org", "localhost"],
        DATABASES={alias: {**postgres, "USER": alias} for alias in aliases},
        SMS_GATEWAY="twilio",
        TWILIO_ACCOUNT_SID="AC1",
        TWILIO_AUTH_TOKEN="secret",
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        QUIET_HOURS="21:00-06:30",
        REDIS_URL="redis://127.0.0.1:6379/0",
        RETENTION_SEALED_BY_OUTCOME={"substantiated": 3650},
        SMS_DAY_BUDGET_BY_LINE={"twilio": 500},
        TWILIO_WHATSAPP_TEMPLATES={},
        LISTENING_WAYS=[],
        URGENT_NUMBERS=[{"label": "Ligne verte", "number": "80 00"}],
        REFERRAL_PERSON_VISIBLE_FROM="accepted",
        BACKUP_RECIPIENTS=[str(pyrage.x25519.Identity.generate().to_public())],
        BACKUP_VAULT_RECIPIENTS=[],
        **{name: least for name, (least, _most) in RANGES.items()},
    )


def test_good_settings_are_not_complained_of() -> None:
    assert wrong_settings(good()) == []


WRONG: list[tuple[str, Callable[[Any], object]]] = [
    ("SECRET_KEY", lambda s: setattr(s, "SECRET_KEY", "short")),
    ("RETENTION_SEALED_BY_OUTCOME", lambda s: setattr(s, "RETENTION_SEALED_BY_OUTCOME", {"forgotten": 1})),
    ("SEALING_KEYS", lambda s: setattr(s, "SEALING_KEYS", ["AAAA"])),
    ("VAULT_SEALING_KEYS manque", lambda s: setattr(s, "VAULT_SEALING_KEYS", [])),
    ("VAULT_SEALING_KEYS manque", lambda s: setattr(s, "VAULT_SEALING_KEYS", ["AAAA"])),
    ("SEALING_KEYS et VAULT_SEALING_KEYS", lambda s: setattr(s, "VAULT_SEALING_KEYS", s.SEALING_KEYS)),
    ("AUDIT_SIGNING_KEYS", lambda s: setattr(s, "AUDIT_SIGNING_KEYS", [])),
    ("INDEX_KEY", lambda s: setattr(s, "INDEX_KEY", "not base64!")),
    ("INDEX_KEY et VAULT_INDEX_KEY", lambda s: setattr(s, "VAULT_INDEX_KEY", s.INDEX_KEY)),
    ("INDEX_KEY manque", lambda s: setattr(s, "INDEX_KEY", f"{s.INDEX_KEY},")),
    ("une clé en commun", lambda s: setattr(s, "INDEX_KEY", f"{s.INDEX_KEY},{s.VAULT_INDEX_KEY}")),
    ("PUBLIC_URL", lambda s: setattr(s, "PUBLIC_URL", "http://jaabi.example.org")),
    ("ALLOWED_HOSTS", lambda s: setattr(s, "ALLOWED_HOSTS", ["other.example.org"])),
    ("ALLOWED_HOSTS=*", lambda s: s.ALLOWED_HOSTS.append("*")),
    ("SQLite", lambda s: s.DATABASES["default"].update(ENGINE="django.db.backends.sqlite3")),
    ("trois rôles", lambda s: s.DATABASES["vault_intake"].update(USER="vault")),
    ("SMS_GATEWAY", lambda s: setattr(s, "SMS_GATEWAY", "console")),
    ("TWILIO_ACCOUNT_SID", lambda s: setattr(s, "TWILIO_AUTH_TOKEN", "")),
    ("EMAIL_URL", lambda s: setattr(s, "EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")),
    ("QUIET_HOURS", lambda s: setattr(s, "QUIET_HOURS", "9pm-6am")),
    ("REDIS_URL", lambda s: setattr(s, "REDIS_URL", "")),
    ("SMALL_CELL", lambda s: setattr(s, "SMALL_CELL", 0)),
    ("RELEASE_THRESHOLD", lambda s: setattr(s, "RELEASE_THRESHOLD", 0)),
    ("TRUSTED_PROXIES", lambda s: setattr(s, "ALLAUTH_TRUSTED_PROXY_COUNT", -1)),
    ("DUTY_HANDOVER_HOUR doit être entre 0 et 23", lambda s: setattr(s, "DUTY_HANDOVER_HOUR", 24)),
    ("BACKUP_RECIPIENTS", lambda s: setattr(s, "BACKUP_RECIPIENTS", ["foo"])),
    ("BACKUP_VAULT_RECIPIENTS", lambda s: setattr(s, "BACKUP_VAULT_RECIPIENTS", ["age1foo"])),
    ("REFERRAL_PERSON_VISIBLE_FROM", lambda s: setattr(s, "REFERRAL_PERSON_VISIBLE_FROM", "never")),
    ("SMS_DAY_BUDGET_BY_LINE", lambda s: setattr(s, "SMS_DAY_BUDGET_BY_LINE", {"twilio": "many"})),
    ("RETENTION_SEALED_BY_OUTCOME", lambda s: setattr(s, "RETENTION_SEALED_BY_OUTCOME", ["substantiated"])),
    ("TWILIO_WHATSAPP_TEMPLATES", lambda s: setattr(s, "TWILIO_WHATSAPP_TEMPLATES", [])),
    ("URGENT_NUMBERS", lambda s: setattr(s, "URGENT_NUMBERS", ["80 00"])),
]


@pytest.mark.parametrize(("name", "spoil"), WRONG, ids=[name for name, _spoil in WRONG])
def test_a_wrong_setting_has_one_sentence_that_names_it(name: str, spoil: Callable[[Any], object]) -> None:
    settings = good()
    spoil(settings)
    (sentence,) = wrong_settings(settings)
    assert name in sentence


def test_a_file_of_settings_that_cannot_be_read_stops_with_a_sentence() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"ENV_FILE : /no/such\.env ne se lit pas"):
        readable("/no/such.env")


def test_two_keys_that_are_missing_are_not_one_key() -> None:
    settings = good()
    settings.INDEX_KEY = settings.VAULT_INDEX_KEY = ""
    assert [sentence.split()[0] for sentence in wrong_settings(settings)] == ["INDEX_KEY", "VAULT_INDEX_KEY"]


def test_every_number_of_the_settings_has_its_range() -> None:
    written = (our_settings.BASE_DIR / "config" / "settings.py").read_text(encoding="utf-8")
    assert {NAMED.get(name, name) for name in RANGES} == set(re.findall(r'env\.int\("(\w+)"', written))


UNREADABLE: list[tuple[str, str, Callable[[Environment], object]]] = [
    ("BACKUP_DAYS", "abc", lambda env: env.int("BACKUP_DAYS", default=30)),
    ("SMS_DAY_BUDGET_BY_LINE", "xx", lambda env: env.json("SMS_DAY_BUDGET_BY_LINE", default={})),
    ("DATABASE_URL", "xyz", lambda env: env.db("DATABASE_URL")),
    ("DATABASE_URL", "postgres://db:port/jaabi", lambda env: env.db("DATABASE_URL")),
    ("EMAIL_URL", "nonsense", lambda env: env.mail("EMAIL_URL", default="consolemail://")),
    ("EMAIL_URL", "smtp+tls://:25", lambda env: env.mail("EMAIL_URL", default="consolemail://")),
    ("LOG_LEVEL", "LOUD", lambda env: env.level("LOG_LEVEL", default="INFO")),
    ("DEMO", "peut-être", lambda env: env.bool("DEMO", default=False)),
]


@pytest.mark.parametrize(("name", "value", "read"), UNREADABLE, ids=[f"{one[0]}={one[1]}" for one in UNREADABLE])
def test_a_value_that_cannot_be_read_is_one_sentence_without_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: Callable[[Environment], object]
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=rf"^{name} ne se lit pas : écrivez [^\n]+\.$") as said:
        read(Environment())
    assert value not in str(said.value)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"BACKUP_DAYS": "abc"}, ["BACKUP_DAYS ne se lit pas"]),
        ({}, ["SECRET_KEY manque", "METRICS_TOKEN manque", "BACKUP_RECIPIENTS manque"]),
    ],
    ids=["unreadable", "nothing told"],
)
def test_the_check_says_it_and_shows_no_traceback(tmp_path: Path, told: dict[str, str], says: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        cwd=our_settings.BASE_DIR, env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)} | told,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert [one for one in says if one not in done.stderr] == []
    assert "Traceback" not in done.stderr
    assert "nobody caught" not in done.stderr
