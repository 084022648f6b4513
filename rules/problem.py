"""What every refusal is."""

from dataclasses import fields
from typing import ClassVar

from rules.problem_codes import ProblemCode


class Problem(Exception):
    """A refusal the caller can act on; raising it undoes the transaction around it."""

    code: ClassVar[ProblemCode]

    def __str__(self) -> str:
        """The sentence of the class, filled with the facts."""
        return self.sentence().format(**self.facts())

    @classmethod
    def sentence(cls) -> str:
        """The untranslated sentence, also the key of its translations."""
        return " ".join((cls.__doc__ or "").split())

    def facts(self) -> dict[str, object]:
        """The values of the fields, under their names."""
        return {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]
