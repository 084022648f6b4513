"""The project's own Python as syntax trees, for tests that hold all of it to a promise."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@cache
def trees(package: str) -> tuple[tuple[str, ast.Module], ...]:
    """Path and tree of each file of a package, migrations aside: those are written by a machine."""
    files = sorted(path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)
    return tuple((path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))) for path in files)


def calls(*packages: str) -> Iterator[tuple[str, str, ast.Call]]:
    """Where, the last name of what is called, and the call: `invalid` for `invalid(…)` as for `problems.invalid(…)`."""
    for package in packages:
        for path, tree in trees(package):
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                    name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                    yield f"{path}:{node.lineno}", name, node


def literals(place: int, *names: str, packages: tuple[str, ...]) -> Iterator[tuple[str, ast.expr]]:
    """Where and what the calls of these names are given at a place among their arguments."""
    for where, name, call in calls(*packages):
        if name in names and len(call.args) > place:
            yield where, call.args[place]
