"""Numbers of logistic units: as GS1 writes them, checked as python-stdnum checks them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import gs1_128, luhn
from stdnum.ean import calc_check_digit

from rules.gs1 import capacity, check_digit, is_company_prefix, is_sscc, sscc

bodies = st.text("0123456789", min_size=17, max_size=17)
prefixes = st.text("0123456789", min_size=4, max_size=12)


@given(bodies)
def test_the_check_digit_is_the_one_that_python_stdnum_computes(body: str) -> None:
    assert check_digit(body) == calc_check_digit(body)
    assert is_sscc(body + check_digit(body))


@given(bodies, st.sampled_from("0123456789"))
def test_another_last_digit_is_refused(body: str, last: str) -> None:
    assert is_sscc(body + last) is (last == calc_check_digit(body))


@given(prefixes, st.data())
def test_every_number_of_a_prefix_is_right_and_none_comes_twice(prefix: str, data: st.DataObject) -> None:
    ordinals = st.integers(0, capacity(prefix) - 1)
    one, other = data.draw(ordinals), data.draw(ordinals)
    assert is_sscc(sscc(prefix, one))
    assert sscc(prefix, one)[1:].startswith(prefix)
    assert (sscc(prefix, one) == sscc(prefix, other)) is (one == other)


@given(prefixes)
def test_a_prefix_ends(prefix: str) -> None:
    assert sscc(prefix, capacity(prefix) - 1)[0] == "9"
    for beyond in (-1, capacity(prefix)):
        with pytest.raises(ValueError, match="has no SSCC"):
            sscc(prefix, beyond)


def test_an_sscc_is_what_a_scanner_reads_behind_00() -> None:
    """The example of the GS1 General Specifications."""
    assert is_sscc("106141411234567897")
    assert gs1_128.info("00106141411234567897") == {"00": "106141411234567897"}
    assert luhn.checksum("106141411234567897") != 0  # another weighting, that would find other errors


@pytest.mark.parametrize(
    "text", ["", "10614141123456789", "1061414112345678970", "１06141411234567897", "10614141123456789x"]
)
def test_what_is_not_18_digits_is_none(text: str) -> None:
    assert not is_sscc(text)


@pytest.mark.parametrize(
    ("text", "fits"),
    [("6901", True), ("690123456789", True), ("690", False), ("6901234567890", False), ("69a1", False)],
)
def test_a_company_prefix_has_4_to_12_digits(text: str, fits: bool) -> None:
    assert is_company_prefix(text) is fits
