"""How much one request may ask for: the numbers, which the settings hold before anything of GraphQL is loaded."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The bounds of one request, with the defaults we promise."""

    body_bytes: int = 1024 * 1024
    document_bytes: int = 32 * 1024
    tokens: int = 2_000
    depth: int = 12
    """Fields inside one another; what the schema tells of itself is bounded by its own cost instead."""
    nesting: int = 50
    """Selection sets inside one another, those of fragments and of introspection counted."""
    aliases: int = 30
    directives: int = 30
    root_fields: int = 20
    operations: int = 20
    fragments: int = 50
    fields: int = 10_000
    """Fields after every fragment was expanded, summed over all operations and fragments of the document."""
    merges: int = 5_000
    """Pairs of fields answering under one name, which validation has to compare."""
    cost: int = 5_000
    page_cap: int = 100
    list_size: int = 10
    """How many entries a list without `first` counts as."""
    errors: int = 3
    deadline: float = 5.0
    """Seconds a query may run."""
    introspection: bool = True
    once: frozenset[str] = frozenset({"signIn"})
    """Mutations that a request may contain once, so that one request is one try."""
