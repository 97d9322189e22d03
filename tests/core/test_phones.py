"""One spelling for every telephone number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.phones import normalise


@pytest.mark.parametrize(
    "raw",
    [
        "+22370123456",
        "22370123456",
        "0022370123456",
        "70123456",
        "70 12 34 56",
        "(+223) 70-12-34-56",
        "+223.70.12.34.56",
        "+223\u00a070\u202f12\u00a034\u202f56",
        "\u202a+22370123456\u202c",
        "٧٠١٢٣٤٥٦",
        "߇߀߁߂߃߄߅߆",
    ],
)
def test_every_spelling_of_a_malian_number_becomes_the_same(raw: str) -> None:
    assert normalise(raw) == "+22370123456"


def test_a_visibly_fictitious_malian_number_is_accepted() -> None:
    assert normalise("+22300000012") == "+22300000012"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("+227 90 12 34 56", "+22790123456"), ("0033 6 12 34 56 78", "+33612345678"), ("+15005550006", "+15005550006")],
)
def test_a_number_of_another_country_keeps_it(raw: str, expected: str) -> None:
    assert normalise(raw) == expected


def test_a_local_number_belongs_to_the_region_it_is_dialled_from() -> None:
    assert normalise("06 12 34 56 78", region="FR") == "+33612345678"


@pytest.mark.parametrize("raw", ["37321", "7400", "36061", "ORANGE", "Orange-Info", "1-800-FLOWERS"])
def test_a_short_code_or_a_name_is_no_person(raw: str) -> None:
    assert normalise(raw) is None


@pytest.mark.parametrize("raw", ["", " ", "+", "++223", "7012345", "+2237012345", "+223701234567", "1" * 10_000])
def test_nonsense_is_no_number(raw: str) -> None:
    assert normalise(raw) is None


@given(st.text())
def test_any_text_gives_e164_or_nothing_and_gives_it_again(raw: str) -> None:
    number = normalise(raw)
    assert number is None or normalise(number) == number


@given(st.from_regex(r"\A\d{8}\Z"))
def test_any_eight_digits_are_a_malian_number(digits: str) -> None:
    ascii_digits = "".join(str(int(digit)) for digit in digits)
    assert normalise(f"+223{digits}") == f"+223{ascii_digits}"
