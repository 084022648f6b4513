"""One document has one spelling, and another document has another fingerprint."""

import hashlib
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.contract import canonical, fingerprint

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
documents = st.dictionaries(
    texts,
    st.recursive(
        st.none() | st.booleans() | texts,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
        max_leaves=10,
    ),
    max_size=6,
)


@given(documents)
def test_the_spelling_can_be_read_back_and_does_not_depend_on_the_order_of_keys(document: dict[str, object]) -> None:
    text = canonical(document)
    assert json.loads(text) == document
    assert canonical(dict(reversed(document.items()))) == text


@given(documents, documents)
def test_two_documents_share_a_fingerprint_only_if_they_are_equal(
    one: dict[str, object], other: dict[str, object]
) -> None:
    # Through JSON, for Python takes True for 1.
    assert (fingerprint(canonical(one)) == fingerprint(canonical(other))) == (
        json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    )


def test_chinese_stands_as_it_is_and_there_are_no_blanks() -> None:
    assert canonical({"b": "螺栓", "a": [None, "x"]}) == '{"a":[null,"x"],"b":"螺栓"}'


@pytest.mark.parametrize("number", [1.5, float("nan"), [0.1], {"deep": [{"er": 1e400}]}])
def test_no_float_gets_in_at_any_depth(number: object) -> None:
    with pytest.raises(TypeError, match="never as floats"):
        canonical({"amount": number})


def test_a_decimal_has_to_be_written_out_first() -> None:
    with pytest.raises(TypeError):
        canonical({"amount": Decimal("1.50")})


def test_the_fingerprint_is_the_sha_256_of_the_utf_8_bytes() -> None:
    assert fingerprint("螺栓") == hashlib.sha256("螺栓".encode()).hexdigest()
