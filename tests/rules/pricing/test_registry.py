"""A policy is one file: whatever lies in the folder is known by its code, in both languages, with terms that are checked."""

from decimal import Decimal
from pathlib import Path

import pytest

from rules.money import Currency
from rules.pricing import policies
from rules.pricing.policy import PricePolicy, PromotionPolicy
from rules.pricing.registry import (
    all_policies,
    checked_terms,
    policy_named,
    price_policies,
    promotion_policies,
    promotion_policy,
)
from rules.problems import InvalidInput

D = Decimal


def test_every_file_is_a_policy() -> None:
    files = {path.stem for path in Path(policies.__path__[0]).glob("*.py")} - {"__init__"}

    assert {policy.code.lower() for policy in all_policies()} == files
    assert len(price_policies()) + len(promotion_policies()) == len(files)
    assert all(isinstance(policy, PricePolicy | PromotionPolicy) for policy in all_policies())


def test_prices_are_asked_for_in_one_order() -> None:
    assert [policy.code for policy in price_policies()] == ["LIST_PRICE", "PRICE_LIST", "QUOTED"]
    assert len({policy.rank for policy in price_policies()}) == len(price_policies())


def test_every_policy_speaks_both_languages() -> None:
    for policy in all_policies():
        terms = policy.terms if isinstance(policy, PromotionPolicy) else ()
        for words in (policy.words, policy.because, *(term.words for term in terms)):
            assert words.en
            assert any("一" <= sign <= "鿿" for sign in words.zh), policy.code
            assert words.en.count("{") == words.zh.count("{")


def test_every_promotion_policy_fills_its_sentence() -> None:
    for policy in promotion_policies().values():
        facts = policy.facts({term.name: D("0.5") for term in policy.terms})
        for locale in ("en", "zh-CN"):
            assert "{" not in policy.because.told(locale, facts)


def test_a_policy_is_known_by_its_code() -> None:
    assert policy_named("BUNDLE") is promotion_policy("x", "BUNDLE")
    assert policy_named("GONE") is None
    for code in ("GONE", "LIST_PRICE"):
        with pytest.raises(InvalidInput, match="is none of AMOUNT_OFF, BUNDLE"):
            promotion_policy("input.policy", code)


@pytest.mark.parametrize(
    ("code", "said", "fault"),
    [
        ("PERCENTAGE", [("share", "1")], None),
        ("PERCENTAGE", [("share", "0.000001")], None),
        ("PERCENTAGE", [("share", "1.000001")], r"terms\[0\]\.value: must be greater than 0 and at most 1"),
        ("PERCENTAGE", [("share", "0")], "greater than 0"),
        ("PERCENTAGE", [("share", "0.0000001")], "has more than 6 decimals"),
        ("PERCENTAGE", [], "terms: share is missing"),
        ("PERCENTAGE", [("share", "0.1"), ("share", "0.1")], r"terms\[1\]\.name: is none of share"),
        ("PERCENTAGE", [("amount", "1")], r"terms\[0\]\.name: is none of share"),
        ("AMOUNT_OFF", [("amount", "0.01")], None),
        ("AMOUNT_OFF", [("amount", "0.001")], "finer than 0.01"),
        ("AMOUNT_OFF", [("amount", "1000000000001")], "at most 1000000000000"),
        ("BUY_N_GET_M", [("buy", "2"), ("get", "0.000001")], None),
        ("BUY_N_GET_M", [("buy", "2")], "get is missing"),
    ],
)
def test_terms_are_the_policy_s_own(code: str, said: list[tuple[str, str]], fault: str | None) -> None:
    policy, given = promotion_policy("policy", code), [(name, D(value)) for name, value in said]
    if fault is None:
        assert checked_terms("terms", policy, given, Currency.CNY) == dict(given)
    else:
        with pytest.raises(InvalidInput, match=fault):
            checked_terms("terms", policy, given, Currency.CNY)
