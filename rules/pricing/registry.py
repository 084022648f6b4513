"""The price policies there are: whatever file lies in `policies`."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from rules.money import Currency, check_amount
from rules.phrase import Phrase
from rules.pricing import policies
from rules.pricing.policy import Policy, PricePolicy, PromotionPolicy, Term, TermKind, Terms
from rules.problems import invalid

PLACES = 6
"""Decimals that a share or a quantity may have."""

MOST = Decimal(10) ** 12
"""Of any term."""


@cache
def all_policies() -> tuple[Policy, ...]:
    """Every policy, by its code."""
    found = [import_module(f"{policies.__name__}.{module.name}").POLICY for module in iter_modules(policies.__path__)]
    return tuple(sorted(found, key=lambda policy: policy.code))


@cache
def price_policies() -> tuple[PricePolicy, ...]:
    """Those that say what one unit costs, in the order in which they are asked."""
    found = (policy for policy in all_policies() if isinstance(policy, PricePolicy))
    return tuple(sorted(found, key=lambda policy: policy.rank))


@cache
def promotion_policies() -> dict[str, PromotionPolicy]:
    """Those that promotions follow, by their code."""
    return {policy.code: policy for policy in all_policies() if isinstance(policy, PromotionPolicy)}


@cache
def policy_named(code: str) -> Policy | None:
    """The policy of a step that was frozen; None where it is no longer there."""
    return next((policy for policy in all_policies() if policy.code == code), None)


def promotion_policy(path: str, code: str) -> PromotionPolicy:
    """The policy of this code; InvalidInput where there is none."""
    if code not in promotion_policies():
        known = ", ".join(promotion_policies())
        raise invalid(path, Phrase("is none of {known}", known=known), next(iter(promotion_policies())))
    return promotion_policies()[code]


def checked_terms(path: str, policy: PromotionPolicy, said: Iterable[tuple[str, Decimal]], currency: Currency) -> Terms:
    """The terms if they are the policy's, each once; InvalidInput otherwise."""
    wanted = {term.name: term for term in policy.terms}
    found: dict[str, Decimal] = {}
    for place, (name, value) in enumerate(said):
        if name not in wanted or name in found:
            known = ", ".join(wanted)
            raise invalid(
                f"{path}[{place}].name", Phrase("is none of {known}, each of which is said once", known=known)
            )
        _check(f"{path}[{place}].value", wanted[name], value, currency)
        found[name] = value
    for missing in wanted.keys() - found.keys():
        raise invalid(path, Phrase("{name} is missing", name=missing))
    return found


def _check(path: str, term: Term, value: Decimal, currency: Currency) -> None:
    most = Decimal(1) if term.kind is TermKind.SHARE else MOST
    if not 0 < value <= most:
        raise invalid(path, Phrase("must be greater than 0 and at most {most}", most=most))
    if term.kind is TermKind.AMOUNT:
        check_amount(path, value, currency)
    elif value % Decimal(1).scaleb(-PLACES):
        raise invalid(path, Phrase("has more than {places} decimals", places=PLACES))
