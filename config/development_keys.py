"""Keys of a demo or a developer's machine: made once, kept in `var/keys.json`, never used in production."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey


def development_keys(var_dir: Path) -> dict[str, str]:
    """In: the folder of the embedded instance. Out: setting name → value, the same at each start."""
    path = var_dir / "keys.json"
    if not path.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        _write_once(path, {name: make() for name, make in MADE.items()})
    keys: dict[str, str] = json.loads(path.read_text())
    missing = {name: MADE[name]() for name in MADE.keys() - keys.keys()}
    if missing:  # a folder from before one of them was asked for
        keys |= missing
        path.write_text(json.dumps(keys, indent=1))
    return keys


MADE: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "SEALING_KEYS": lambda: _encoded(X25519PrivateKey.generate().private_bytes_raw()),
    "VAULT_SEALING_KEYS": lambda: _encoded(secrets.token_bytes(32)),
    "AUDIT_SIGNING_KEYS": lambda: _encoded(Ed25519PrivateKey.generate().private_bytes_raw()),
    "INDEX_KEY": lambda: _encoded(secrets.token_bytes(32)),
    "VAULT_INDEX_KEY": lambda: _encoded(secrets.token_bytes(32)),
    "TWILIO_ACCOUNT_SID": lambda: "AC" + secrets.token_hex(16),
    "TWILIO_AUTH_TOKEN": lambda: secrets.token_hex(16),
    "TWILIO_FROM": lambda: "+22300000000",
}


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def _write_once(path: Path, keys: dict[str, str]) -> None:
    """Two processes may start together: the first one's file stands."""
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(keys, indent=1))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
