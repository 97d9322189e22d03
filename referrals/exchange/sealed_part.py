"""What the person permitted to be known, sealed so that only the receiving installation opens it.

AES-256-GCM under a key derived (HKDF-SHA256) from the secret that signs the envelope, bound to the envelope's id: an
envelope that lies in a mailbox says nothing of the person, and a part that is moved to another envelope does not open.
"""

from __future__ import annotations

import base64
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from referrals.exchange.refusals import Fault, Unacceptable
from referrals.patience import key_of

INFO = b"jaabi-exchange-1-person"
NONCE_BYTES = 12


def sealed(content: dict[str, Any], secret: str, envelope_id: str) -> str:
    """Base64 of nonce and ciphertext."""
    nonce = os.urandom(NONCE_BYTES)
    blob = AESGCM(_key(secret)).encrypt(nonce, json.dumps(content).encode(), envelope_id.encode())
    return base64.b64encode(nonce + blob).decode()


def opened(part: str, secret: str, envelope_id: str) -> Any:
    """What was sealed. Raises Unacceptable."""
    try:
        blob = base64.b64decode(part, validate=True)
        plain = AESGCM(_key(secret)).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], envelope_id.encode())
        return json.loads(plain)
    except (InvalidTag, ValueError, RecursionError) as error:
        raise Unacceptable(Fault.UNREADABLE_PART) from error


def _key(secret: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=INFO).derive(key_of(secret))
