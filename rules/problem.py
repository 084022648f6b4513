"""What every refusal is, and what one says of a single field or cell."""

from dataclasses import dataclass, fields
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


@dataclass(frozen=True)
class FieldFault:
    """One wrong field: where it is, what is wrong and what to write instead."""

    path: str
    fault: str
    suggestion: str | None = None


@dataclass(frozen=True)
class CellFault:
    """One wrong cell of a spreadsheet, called as spreadsheets call it: B17 stands in row 17."""

    cell: str
    row: int
    column: str
    value: str
    fault: str
    suggestion: str | None = None
