"""The number a person keeps: 12 digits in three groups, 11 random and one check digit.

ISO/IEC 7064 MOD 11,10: one wrong digit, or two neighbours swapped, is nearly always noticed.
"""

from __future__ import annotations

import re
import secrets
import unicodedata

LENGTH = 12
MODULUS = 10


def new_number() -> str:
    """A fresh number: 12 digits, the last one its check digit."""
    digits = f"{secrets.randbelow(10 ** (LENGTH - 1)):0{LENGTH - 1}}"
    return digits + _check_digit(digits)


def completed(body: str) -> str:
    """Eleven digits and their check digit."""
    return body + _check_digit(body)


def digits_of(text: str) -> str:
    """The decimal digits of what someone typed, whatever stands between them and in any script."""
    return "".join(str(unicodedata.decimal(sign)) for sign in text if unicodedata.decimal(sign, None) is not None)


def is_well_formed(number: str) -> bool:
    """Whether it has 12 digits and the right check digit. Says nothing of its existence."""
    return bool(re.fullmatch(rf"[0-9]{{{LENGTH}}}", number)) and _check_digit(number[:-1]) == number[-1]


def grouped(number: str) -> str:
    """`123456789012` as `1234 5678 9012`, to be read aloud and typed like phone credit."""
    return " ".join(number[start : start + 4] for start in range(0, LENGTH, 4))


def _check_digit(digits: str) -> str:
    product = MODULUS
    for digit in digits:
        total = (product + int(digit)) % MODULUS or MODULUS
        product = total * 2 % (MODULUS + 1)
    return str((MODULUS + 1 - product) % MODULUS)
