"""An id has exactly one spelling, and anything else is nobody's id."""

from base64 import urlsafe_b64encode
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.ids import decode_id, encode_id, split_id

ROW = UUID("01935d2e-7c1e-7f3a-9b1d-3f6f2a1c4b5d")


@given(st.uuids(), st.sampled_from(["Order", "OrderLine", "Product"]))
def test_an_id_leads_back_to_its_row(row: UUID, kind: str) -> None:
    text = encode_id(kind, row)
    assert decode_id(kind, text) == row
    assert split_id(text) == (kind, row)
    assert decode_id("Company", text) is None


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    found = split_id(text)
    assert found is None or encode_id(*found) == text


def b64(raw: bytes) -> str:
    """As ids are encoded."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


GOOD = encode_id("Order", ROW)


@pytest.mark.parametrize(
    "text",
    ["", "Order", str(ROW), GOOD + "=", GOOD + "==", GOOD + "A", GOOD[:-1], GOOD + "\n", " " + GOOD, GOOD[:4] + "!" + GOOD[4:],
     GOOD.replace("_", "/"), b64(b"Order:" + b"x" * 15), b64(b"Order:" + b"x" * 17), b64(b"Order" + ROW.bytes),
     b64(b"\xff:" + ROW.bytes), "A" * 100_000, "订货", "\ud800", "\x00"],
)  # fmt: skip
def test_another_spelling_is_no_id(text: str) -> None:
    assert decode_id("Order", text) is None or text == GOOD


def test_unused_bits_at_the_end_make_no_second_spelling() -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for kind in ("A", "AB", "ABC"):
        text = encode_id(kind, ROW)
        assert [last for last in alphabet if decode_id(kind, text[:-1] + last) == ROW] == [text[-1]]
