"""Telephone numbers, in the one spelling that is stored, compared and dialled."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from django.conf import settings

# closed plan, eight digits, no trunk prefix (ITU/AMRTP 2018, facts.md §6.2). Any eight are accepted, so that
# invented numbers such as +22300000012 live beside real ones and a newly opened range is not refused
MALI = re.compile(r"(?:\+|00)?223(\d{8})")
MALI_AS_CARRIERS_WRITE = re.compile(r"\+223[0-9]{8}")
MALI_LOCAL = re.compile(r"\d{8}")
SPELLING = re.compile(r"[\d+().\-/]+")
SHORT_CODE_DIGITS = 6


def normalise(raw: str, region: str = "") -> str | None:
    """The number in E.164, or None for what is no person's number: a short code, a name, nonsense.

    `region` (ISO 3166, that of `COUNTRY` by default) says where a number written without its country is dialled from.
    Spaces, dots, hyphens, brackets, a leading 00 and digits of other scripts are understood.
    """
    if MALI_AS_CARRIERS_WRITE.fullmatch(raw):
        return raw
    text = _plain(raw)
    if not SPELLING.fullmatch(text):
        return None
    digits = re.sub(r"[^\d+]", "", text)
    if len(digits.lstrip("+")) <= SHORT_CODE_DIGITS:
        return None
    here = region or settings.COUNTRY.code
    return _malian(digits, here) or _foreign(digits, here)


def _plain(raw: str) -> str:
    """ASCII digits and punctuation; spaces and the invisible marks that come with a pasted contact are dropped."""
    kept = (sign for sign in raw if unicodedata.category(sign) not in ("Zs", "Cf", "Cc"))
    return "".join(_ascii(sign) for sign in kept)


def _ascii(sign: str) -> str:
    if unicodedata.category(sign) == "Nd":
        return str(unicodedata.digit(sign))
    return {"＋": "+", "–": "-", "‑": "-", "−": "-"}.get(sign, sign)


def _malian(digits: str, region: str) -> str | None:
    if match := MALI.fullmatch(digits):
        return f"+223{match[1]}"
    if region == "ML" and MALI_LOCAL.fullmatch(digits):
        return f"+223{digits}"
    return None


def _foreign(digits: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    if number.country_code == 223 or not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
