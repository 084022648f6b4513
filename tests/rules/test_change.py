"""Two versions of a contract side by side."""

import json
from typing import Any

from rules.change import ChangedTerm, Difference, differences

LINE = {"position": "1", "quantity": "10", "unitPrice": "1.5", "promisedOn": "2026-12-20", "qualityRemark": None}
TEXT: dict[str, Any] = {
    "lines": [LINE, {**LINE, "position": "2"}],
    "freight": {"net": "50.00"},
    "delivery": {"place": "上海", "zone": "Asia/Shanghai"},
    "amounts": {"total": "80.00"},
}


def against(**changed: Any) -> list[Difference]:
    """What a text with these parts says differently."""
    return differences(json.dumps(TEXT), json.dumps({**TEXT, **changed}))


def test_equal_texts_have_no_differences() -> None:
    assert against() == []


def test_each_changed_term_of_a_line_is_told_with_its_position() -> None:
    second = {**LINE, "position": "2", "quantity": "8", "qualityRemark": "A2-70"}
    assert against(lines=[LINE, second]) == [
        Difference(ChangedTerm.QUANTITY, "10", "8", 2),
        Difference(ChangedTerm.QUALITY_REMARK, None, "A2-70", 2),
    ]


def test_a_line_that_is_gone_has_no_terms_any_more() -> None:
    gone = against(lines=[LINE])
    assert [(one.line, one.after) for one in gone] == [(2, None)] * 3


def test_terms_of_the_whole_come_last() -> None:
    found = against(lines=[{**LINE, "unitPrice": "2"}, TEXT["lines"][1]], amounts={"total": "85.00"})
    assert [one.term for one in found] == [ChangedTerm.UNIT_PRICE, ChangedTerm.TOTAL]
    assert found[-1].line is None
