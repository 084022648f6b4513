"""Every example that GraphiQL offers is run as a visitor would run it, on the real demo."""

from typing import Any

import pytest

from api.examples import read_examples
from tests.demo import DemoTemplate
from tests.web.visitor import Visitor

CREATING = [example.name for example in read_examples() if "idempotencyKey" in str(example.variables)]
MUTATIONS = [example.name for example in read_examples() if example.query.startswith("mutation")]


def succeed(visitor: Visitor, names: list[str]) -> dict[str, dict[str, Any]]:
    """What each example answered: data without an error, and no refusal."""
    answers = {}
    for name in names:
        answer = visitor.run(found(visitor, name))
        assert "errors" not in answer, (name, answer)
        answers[name] = answer["data"]
        for field, value in answer["data"].items():
            assert value, f"{name}: {field} is empty"
            assert "message" not in value, (name, value)
    return answers


def found(visitor: Visitor, name: str) -> dict[str, Any]:
    """The example, every placeholder of which there was something for."""
    example = visitor.example(name)
    assert "$" not in str(example["variables"]), f"{name} finds nothing: {example['variables']}"
    return example


def test_one_after_the_other_they_take_one_order_through_its_life(demo_template: DemoTemplate) -> None:
    with demo_template.served() as url:
        visitor = Visitor(url)
        answers = succeed(visitor, visitor.examples())
    orders = [order["number"] for answer in answers.values() for order in numbered(answer)]
    made = answers["210-create-a-draft"]["createOrder"]["order"]
    assert {hint["code"] for hint in made["draftHints"]} >= {"QUANTITY_WRONG", "DATE_BEFORE_LEAD_TIME"}
    assert answers["220-mend-the-draft"]["updateDraft"]["order"]["draftHints"] == []
    settled = answers["640-confirm-the-money"]["confirmFunds"]["payment"]["order"]
    assert (settled["number"], settled["progress"]["paymentStatus"]) == (made["number"], "PAID")
    assert orders.count(made["number"]) >= 7


def test_each_works_in_a_fresh_demo(demo_template: DemoTemplate) -> None:
    """Mutations run backwards, so that none lives on what another one made."""
    with demo_template.served() as url:
        visitor = Visitor(url)
        for name in visitor.examples():
            found(visitor, name)
        succeed(visitor, MUTATIONS[::-1])


def numbered(answer: Any) -> list[dict[str, Any]]:
    """Every order that stands in the answer of a mutation."""
    found = []
    for value in answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ():
        if isinstance(value, dict) and str(value.get("number", "")).startswith("PO-"):
            found.append(value)
        found += numbered(value)
    return found


@pytest.mark.parametrize("name", CREATING)
def test_what_is_filled_in_is_new_each_time(demo_url: str, name: str) -> None:
    """So that an example that is opened again is a new request."""
    visitor = Visitor(demo_url)
    first, second = (visitor.example(name)["variables"]["input"]["idempotencyKey"] for _ in range(2))
    assert first != second
