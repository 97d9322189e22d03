"""The number that people write down: mistakes are noticed, and nothing can be guessed from it."""

from __future__ import annotations

import pytest

from core import receipt_number
from core.index import keyed_hash

# ISO/IEC 7064 MOD 11,10, the example of the standard (0794 gives 5) and one worked by hand.
KNOWN = [("0794", "5"), ("00000000000", "2")]


@pytest.mark.parametrize(("digits", "check"), KNOWN)
def test_the_check_digit_is_the_one_of_iso_7064(digits: str, check: str) -> None:
    assert receipt_number._check_digit(digits) == check


def test_a_new_number_is_well_formed_and_grouped_for_reading_aloud() -> None:
    number = receipt_number.new_number()
    assert receipt_number.is_well_formed(number)
    assert receipt_number.grouped(number) == f"{number[:4]} {number[4:8]} {number[8:]}"


def test_every_single_wrong_digit_is_noticed() -> None:
    number = receipt_number.new_number()
    for place in range(12):
        for digit in set("0123456789") - {number[place]}:
            assert not receipt_number.is_well_formed(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize("typed", ["1234 5678 9012", "1234-5678.9012", "n° 123456789012", "١٢٣٤ ٥٦٧٨ ٩٠١٢"])
def test_digits_are_found_however_they_are_typed(typed: str) -> None:
    assert receipt_number.digits_of(typed) == "123456789012"


@pytest.mark.parametrize("wrong", ["", "12345678901", "1234567890123", "12345678901a", "²23456789012"])
def test_what_is_not_twelve_digits_is_not_well_formed(wrong: str) -> None:
    assert not receipt_number.is_well_formed(wrong)


def test_the_same_number_is_another_in_the_vault_and_for_another_purpose() -> None:
    hashes = {keyed_hash("1", "receipt"), keyed_hash("1", "receipt", vault=True), keyed_hash("1", "phone")}
    assert len(hashes) == 3
    assert keyed_hash("1", "receipt") == keyed_hash("1", "receipt")
