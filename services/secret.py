"""What must not be repeated: not in a log, not in a traceback, not in a fingerprint."""


class Secret:
    """A text that only `reveal` gives away; wherever it is written by accident, it reads the same as any other."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __str__(self) -> str:
        """The same for every secret."""
        return "(secret)"

    __repr__ = __str__
