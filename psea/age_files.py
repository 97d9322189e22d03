"""Files of the age format (age-encryption.org/v1) for one recipient, who needs nothing of ours to open them."""

from __future__ import annotations

import pyrage
from django.utils.translation import gettext_lazy as _

from core.transitions import Refused

# Some 100 bits when words are drawn at random from any list; shorter ones are refused, whatever they are made of.
SHORTEST_PASSPHRASE = 30


def encrypted(plain: bytes, *, public_key: str = "", passphrase: str = "") -> bytes:
    """The file for this public key (`age1…`), or for this passphrase. Raises Refused when there is not exactly one."""
    if bool(public_key) == bool(passphrase):
        raise Refused(_("Donnez la clé publique de l’enquêteur, ou une phrase de passe, et une seule des deux."))
    if public_key:
        return bytes(pyrage.encrypt(plain, [_recipient(public_key)]))
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Refused(_("Cette phrase est trop courte : sept mots tirés au sort, dits de vive voix."))
    return bytes(pyrage.passphrase.encrypt(plain, passphrase))


def _recipient(public_key: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(public_key.strip())
    except pyrage.RecipientError as error:
        raise Refused(_("Ce n’est pas une clé publique age : elle commence par « age1 ».")) from error
