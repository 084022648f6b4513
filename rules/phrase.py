"""What people are told, in English for now: a phrase remembers its template, so that it can be said in another language."""

from collections.abc import Mapping


class Phrase(str):
    """The template filled with its facts; the template is the key of its translations."""

    template: str
    facts: Mapping[str, object]

    def __new__(cls, template: str, **facts: object) -> "Phrase":
        """The phrase; KeyError where the template has a place for a fact that is missing."""
        phrase = super().__new__(cls, template.format(**facts))
        phrase.template, phrase.facts = template, facts
        return phrase
