"""The rules of the house that no type checker knows, read from the source itself."""

import ast
import re
import sys
from collections.abc import Callable, Iterator

import pytest
from tortoise.models import Model

import models
from tests.source import ROOT, trees

PACKAGES = ("api", "subscriptions", "resolvers", "services", "models", "partners", "rules")
OUTSIDE_MODELS = ("api", "subscriptions", "resolvers", "services")
Finder = Callable[[ast.Module], Iterator[ast.AST]]

MODELS = {name for name, kind in vars(models).items() if isinstance(kind, type) and issubclass(kind, Model)}
SELECTING = {"get", "get_or_none", "filter", "all", "first", "exclude", "raw"}
SQL = re.compile(
    r"\s*(SELECT\s|(?i:select\s.+\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s))",
    re.DOTALL,
)
NOT_PURE = {
    "asyncio",
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "threading",
    "time",
}
READS_THE_CLOCK = {"now", "utcnow", "today", "uuid1", "uuid4", "uuid7"}
VAGUE = {"utils", "util", "helper", "helpers", "manager", "common", "misc", "data", "process", "handle"}


def selections(tree: ast.Module) -> Iterator[ast.AST]:
    """Rows of a model taken past its doors: `Order.filter`, `models.Order.get`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in SELECTING:
            owner = node.value
            name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
            if name in MODELS:
                yield node


def sql(tree: ast.Module) -> Iterator[ast.AST]:
    """Texts that begin like a statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
            yield node


def impurities(tree: ast.Module) -> Iterator[ast.AST]:
    """What would make two calls with equal arguments differ: a clock, chance, a file, the network."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            if imported(node) & NOT_PURE:
                yield node
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in READS_THE_CLOCK | {"open"}:
                yield node


def floats(tree: ast.Module) -> Iterator[ast.AST]:
    """Floating point that is computed with: literals, conversions, annotations; not a mention of the type to refuse it."""
    for node in ast.walk(tree):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        converted = isinstance(node, ast.Call) and is_float(node.func)
        hints = [hint for hint in (getattr(node, "annotation", None), getattr(node, "returns", None)) if hint]
        if literal or converted or any(is_float(part) for hint in hints for part in ast.walk(hint)):
            yield node


def is_float(node: ast.AST) -> bool:
    """Whether this is the name of the type."""
    return isinstance(node, ast.Name) and node.id == "float"


def decimals(tree: ast.Module) -> Iterator[ast.AST]:
    """Mentions of exact numbers."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "Decimal")


def imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    """The top-level packages of an import."""
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    return {name.partition(".")[0] for name in names}


def places(find: Finder, *packages: str) -> list[str]:
    """Where in these packages something is found."""
    return [
        f"{path}:{getattr(node, 'lineno', 0)}"
        for package in packages
        for path, tree in trees(package)
        for node in find(tree)
    ]


def files(find: Finder, *packages: str) -> list[str]:
    """The files of these packages in which something is found."""
    return [path for package in packages for path, tree in trees(package) if any(find(tree))]


def test_rows_are_taken_only_through_a_model_s_own_doors() -> None:
    assert {"Order", "Company", "Event"} <= MODELS
    assert places(selections, *OUTSIDE_MODELS) == []


def test_sql_stays_with_the_models() -> None:
    assert places(sql, *OUTSIDE_MODELS, "rules", "partners") == []


def test_rules_have_no_clock_no_chance_and_no_files() -> None:
    assert places(impurities, "rules") == []


def test_rules_import_the_standard_library_alone() -> None:
    allowed = sys.stdlib_module_names | {"rules"}
    nodes = [
        (path, node)
        for path, tree in trees("rules")
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert [(path, imported(node)) for path, node in nodes if not imported(node) <= allowed] == []


def test_no_float_is_near_money() -> None:
    """Seconds may be floats; whatever computes with a Decimal has none, and no rule has."""
    exact = set(files(decimals, *PACKAGES))

    assert {"rules/money.py", "services/paying.py", "models/billing.py", "resolvers/amounts.py"} <= exact
    assert exact & set(files(floats, *PACKAGES)) == set()
    assert files(floats, "rules", "partners") == []


@pytest.mark.parametrize(
    ("find", "text"),
    [
        (selections, "await Order.filter(id=1)"),
        (selections, "await models.Order.get(id=1)"),
        (selections, "rows = Company.all().limit(3)"),
        (sql, "run('select * from company')"),
        (sql, "run(f'DELETE FROM company WHERE id = {id}')"),
        (sql, 'run("""\n  WITH newest AS (SELECT 1) SELECT 2""")'),
        (impurities, "import random"),
        (impurities, "from os.path import join"),
        (impurities, "moment = datetime.now(UTC)"),
        (impurities, "day = date.today()"),
        (impurities, "id = uuid4()"),
        (impurities, "text = open('x')"),
        (floats, "price = 0.1"),
        (floats, "price = float(text)"),
        (floats, "def price(text: str) -> float | None: ..."),
        (floats, "price: float"),
    ],
)
def test_a_breach_would_be_found(find: Finder, text: str) -> None:
    assert list(find(ast.parse(text)))


@pytest.mark.parametrize(
    ("find", "text"),
    [
        (selections, "await Order.visible_to(actor).filter(id=1)"),
        (selections, "await Order.locked(id)"),
        (selections, "name = headers.get('name')"),
        (sql, "say('Select a product first')"),
        (impurities, "from datetime import date\nyesterday = draft.today - day"),
        (floats, "price = Decimal('0.1')"),
        (floats, "isinstance(price, float)"),
    ],
)
def test_what_is_allowed_is_left_alone(find: Finder, text: str) -> None:
    assert list(find(ast.parse(text))) == []


def test_files_are_short_and_named_for_what_they_hold() -> None:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]

    assert [path.name for path in files if path.stem in VAGUE] == []
    assert [path.name for path in files if len(path.read_text("utf-8").splitlines()) > 300] == []


def test_functions_can_be_read_without_scrolling() -> None:
    """Thirty lines at most, the sentence that tells what they do not counted."""
    functions = [
        (f"{path}:{node.name}", node)
        for package in PACKAGES
        for path, tree in trees(package)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]

    assert [name for name, node in functions if length(node) > 30] == []


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first statement to the last."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
