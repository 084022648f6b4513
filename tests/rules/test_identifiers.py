"""Numbers that show when they were misread, and China's credit codes as others check them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import uscc

from rules.identifiers import (
    _ALPHABET,
    _CREDIT_CODE_ALPHABET,
    Series,
    credit_code_check,
    document_number,
    gapless_number,
    is_credit_code,
    is_document_number,
)

bodies = st.text(_CREDIT_CODE_ALPHABET, min_size=17, max_size=17)
numbers = st.builds(
    lambda series, seed: document_number(series, random.Random(seed).randrange),
    st.sampled_from(Series),
    st.integers(0, 10**9),
)


@given(bodies)
def test_the_check_character_is_the_one_that_python_stdnum_computes(body: str) -> None:
    assert credit_code_check(body) == uscc.calc_check_digit(body)


@given(body=bodies, last=st.sampled_from(_CREDIT_CODE_ALPHABET))
def test_a_code_is_right_exactly_when_its_last_character_is(body: str, last: str) -> None:
    assert is_credit_code(body + last) == (uscc.calc_check_digit(body) == last)


@pytest.mark.parametrize(
    "code", ["91110000600037341L", "91310000MA1FL0MB8X", "91 110000600037341", "", "9" * 17, "i" * 18]
)
def test_people_s_codes_are_judged_as_python_stdnum_judges_them(code: str) -> None:
    # Its `is_valid` also takes blanks and dashes between the characters; a code is stored in one spelling, so ours does not.
    assert is_credit_code(code) == (uscc.is_valid(code) and len(code) == 18 and " " not in code)


@given(numbers)
def test_a_number_is_right_as_it_was_given_out(number: str) -> None:
    assert is_document_number(number)
    series, first, second = number.split("-")
    assert series in set(Series)
    assert (len(first), len(second)) == (4, 4)


@given(numbers)
def test_its_check_character_is_luhn_s_for_an_alphabet_of_32(number: str) -> None:
    assert luhn.is_valid(number.partition("-")[2].replace("-", ""), _ALPHABET)


@given(number=numbers, place=st.integers(0, 7), other=st.sampled_from(_ALPHABET))
def test_every_misread_character_shows(number: str, place: int, other: str) -> None:
    series, _, body = number.partition("-")
    characters = list(body.replace("-", ""))
    was, characters[place] = characters[place], other
    misread = f"{series}-{''.join(characters[:4])}-{''.join(characters[4:])}"
    assert is_document_number(misread) == (other == was)


@pytest.mark.parametrize("text", ["", "PO", "PO-", "PO-7F3K", "PO-7F3K-9Q2", "PO-IIII-IIII", "PO-7F3K-9Q2M-1"])
def test_what_is_not_a_number_is_none(text: str) -> None:
    assert not is_document_number(text)


def test_invoice_numbers_are_read_in_their_order() -> None:
    assert gapless_number(Series.INVOICE, 2026, 1) == "IN-2026-000001"
    assert gapless_number(Series.CREDIT_NOTE, 2026, 1) == "CN-2026-000001"
    assert [gapless_number(Series.INVOICE, 2026, n) for n in (9, 10, 99_999, 100_000)] == sorted(
        gapless_number(Series.INVOICE, 2026, n) for n in (9, 10, 99_999, 100_000)
    )
