"""The people of the demonstration, as `demo.json` lists them."""

from __future__ import annotations

import base64
import hmac
import json
import time
from dataclasses import dataclass
from pathlib import Path

PERIOD_SECONDS = 30


@dataclass(frozen=True)
class Account:
    """One person who can sign in."""

    email: str
    password: str
    role: str
    organisation: str
    totp_secret: str = ""
    vault_passphrase: str = ""

    def code(self) -> str:
        """The six digits that their telephone shows now (RFC 6238)."""
        padded = self.totp_secret + "=" * (-len(self.totp_secret) % 8)
        moment = int(time.time()) // PERIOD_SECONDS
        digest = hmac.digest(base64.b32decode(padded), moment.to_bytes(8, "big"), "sha1")
        start = digest[-1] & 15
        number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
        return f"{number % 1_000_000:06}"


@dataclass(frozen=True)
class Cast:
    """Everybody, and the tokens of the organisations' own systems."""

    accounts: tuple[Account, ...]
    api_tokens: dict[str, str]

    def person(self, role: str, organisation: str | None = None) -> Account:
        """The first person of that role, in that organisation if one is named. Raises LookupError."""
        for account in self.accounts:
            if account.role == role and organisation in (None, account.organisation):
                return account
        raise LookupError(f"nobody is {role} in {organisation or 'any organisation'}")

    def people(self, role: str) -> list[Account]:
        """Everybody of that role."""
        return [account for account in self.accounts if account.role == role]

    def by_email(self, email: str) -> Account:
        """The account of that address. Raises LookupError."""
        for account in self.accounts:
            if account.email == email:
                return account
        raise LookupError(email)


def read_cast(path: Path) -> Cast:
    """The cast written down in `demo.json`; keys that tests do not use are passed over."""
    written = json.loads(path.read_text())
    known = Account.__dataclass_fields__
    accounts = tuple(Account(**{k: v for k, v in one.items() if k in known and v}) for one in written["accounts"])
    return Cast(accounts, {one["organisation"]: one["token"] for one in written["api_tokens"]})
