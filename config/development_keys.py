"""Keys of a demo or a developer's machine: made once, kept in `var/keys.json`, never used in production."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey


def development_keys(var_dir: Path) -> dict[str, str]:
    """In: the folder of the embedded instance. Out: setting name → value, the same at each start."""
    path = var_dir / "keys.json"
    fresh = _made()
    if not path.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        _write_once(path, fresh)
    keys: dict[str, str] = json.loads(path.read_text())
    if not fresh.keys() <= keys.keys():  # a folder from before one of them was asked for
        keys = fresh | keys
        path.write_text(json.dumps(keys, indent=1))
    return keys


def _made() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SEALING_KEYS": _encoded(X25519PrivateKey.generate().private_bytes_raw()),
        "AUDIT_SIGNING_KEYS": _encoded(Ed25519PrivateKey.generate().private_bytes_raw()),
        "INDEX_KEY": _encoded(secrets.token_bytes(32)),
        "VAULT_INDEX_KEY": _encoded(secrets.token_bytes(32)),
        "TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_FROM": "+22300000000",
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
