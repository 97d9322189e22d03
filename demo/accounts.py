"""`var/demo.json`: who can sign in to the demonstration and with what. Tests and newcomers read it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

# One password for everyone invented: it protects nobody, and is printed.
PASSWORD = "bonjour-jaabi-demo"


@dataclass
class Account:
    """One invented person, and what opens their account and, for handlers, their key."""

    email: str
    name: str
    password: str
    role: str
    organisation: str
    totp_secret: str = ""
    vault_passphrase: str = ""
    vault_code: str = ""


@dataclass
class Register:
    """Everything that `demo.json` says. `filled_at`: ISO moment from which on nothing is invented any more."""

    accounts: list[Account] = field(default_factory=list)
    api_tokens: list[dict[str, str]] = field(default_factory=list)
    filled_at: str = ""

    def of_role(self, role: str) -> list[Account]:
        return [account for account in self.accounts if account.role == role]


def register_path() -> Path:
    return Path(settings.VAR_DIR) / "demo.json"


def read_register() -> Register | None:
    """What was written down, or None where no demonstration was filled."""
    path = register_path()
    if not path.exists():
        return None
    written: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Register(
        accounts=[Account(**_known(one)) for one in written["accounts"]],
        api_tokens=written["api_tokens"],
        filled_at=written.get("filled_at", ""),
    )


def write_register(register: Register) -> Path:
    """Writes it whole or not at all, for the owner's eyes only, with today's address and carrier."""
    path = register_path()
    draft = path.with_suffix(".json.new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(_said(register), ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(draft, path)
    return path


def _said(register: Register) -> dict[str, Any]:
    carrier = {
        "account_sid": settings.TWILIO_ACCOUNT_SID,
        "auth_token": settings.TWILIO_AUTH_TOKEN,
        "number": settings.TWILIO_FROM,
    }
    accounts = [{key: value for key, value in asdict(one).items() if value} for one in register.accounts]
    return {
        "base_url": settings.PUBLIC_URL,
        "twilio": carrier,
        "accounts": accounts,
        "api_tokens": register.api_tokens,
        "filled_at": register.filled_at,
    }


def _known(one: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in one.items() if key in Account.__dataclass_fields__}
