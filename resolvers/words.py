"""Words for people, in their language; codes never change with it."""

import re
from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from rules.phrase import Phrase
from rules.problems import InvalidInput, Problem
from rules.quantity import plain

LOCALES = ("zh-CN", "en")
_OFFERED = {"zh": "zh-CN", "en": "en"}
_WISH = re.compile(r"(?P<language>[a-z]{1,8})(-[a-z0-9]{1,8})*(\s*;\s*q=(?P<weight>[01](\.\d{0,3})?))?", re.IGNORECASE)
_FOLDER = Path(__file__).parent / "locales"
# The facts of refusals that are codes, and so have a word of their own.
_CODED = frozenset({"action", "block", "field", "kind", "method", "status"})


def best_locale(wanted: str | None, otherwise: str = "en") -> str:
    """The offered locale that fits an Accept-Language header best."""
    return next((_OFFERED[language] for language in _by_preference(wanted or "") if language in _OFFERED), otherwise)


def translate(sentence: str, locale: str) -> str:
    """The sentence in the locale; English itself where there is no translation."""
    return _catalogue(locale).get(sentence, sentence)


def label(group: str, code: str, locale: str) -> str:
    """The word for a code, such as ("order_status", "DRAFT"): a code without a word is shown as it is."""
    key = f"{group}.{code}"
    word = _catalogue(locale).get(key)
    return word or code.replace("_", " ").capitalize()


def labels(groups: Collection[str], locale: str) -> dict[str, str]:
    """The words for all codes of these groups, as `order_status.BUYER.DRAFT` names them."""
    return {key: word for key, word in _catalogue(locale).items() if key.partition(".")[0] in groups}


def spoken(phrase: str, locale: str) -> str:
    """The phrase in the locale, with its facts; any other text is looked up as it stands."""
    if isinstance(phrase, Phrase):
        return translate(phrase.template, locale).format(**phrase.facts)
    return translate(phrase, locale)


def told(problem: Problem, locale: str) -> str:
    """The refusal as one sentence in the locale."""
    facts = {name: _in_words(name, fact, locale) for name, fact in problem.facts().items()}
    if isinstance(problem, InvalidInput):
        facts["named"] = "; ".join(f"{fault.path}: {spoken(fault.fault, locale)}" for fault in problem.faults)
    return translate(problem.sentence(), locale).format(**facts)


def _in_words(name: str, fact: object, locale: str) -> object:
    if name in _CODED:
        return label(name, str(fact), locale)
    if isinstance(fact, datetime):
        return f"{fact.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return plain(fact) if isinstance(fact, Decimal) else fact


@cache
def _catalogue(locale: str) -> dict[str, str]:
    path = _FOLDER / f"{locale}.po"
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id and message.string}


def _by_preference(header: str) -> list[str]:
    """The primary languages of an Accept-Language header (RFC 9110 §12.5.4), most wanted first; what is not one is passed over."""
    ranked = []
    for place, part in enumerate(header[:200].split(",")):
        wish = _WISH.fullmatch(part.strip())
        if wish and (weight := Decimal(wish["weight"] or 1)):
            ranked.append((-weight, place, wish["language"].lower()))
    return [language for _, _, language in sorted(ranked)]
