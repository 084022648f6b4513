"""Who may import whom: the house keeps its contracts, and each contract would break."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source import ROOT

LAYERS, STANDARD, GRAPHQL, PARTNERS = (
    "Calls go down, never up",
    "rules know the standard library alone",
    "GraphQL and HTTP stop at the resolvers",
    "Only the wiring names a concrete partner",
)
# The smallest house that keeps every contract.
SKELETON = {
    "rules/people.py": "import dataclasses",
    "models/order.py": "import tortoise, rules.people",
    "partners/signing/__init__.py": "import rules.people",
    "partners/signing/pades.py": "import partners.signing",
    "services/signing.py": "import models.order, partners.signing",
    "resolvers/orders.py": "import strawberry, services.signing",
    "subscriptions/bell.py": "import broadcaster, resolvers.orders",
    "api/wiring.py": "import starlette, subscriptions.bell, partners.signing.pades",
    "api/app.py": "import api.wiring",
}
# fmt: off
VIOLATIONS = [
    # file                      import                              contract
    ("rules/people.py",         "import models.order",              LAYERS),
    ("rules/people.py",         "import partners.signing",          LAYERS),
    ("models/order.py",         "import partners.signing",          LAYERS),
    ("partners/signing/pades.py", "import models.order",     LAYERS),
    ("models/order.py",         "import services.signing",          LAYERS),
    ("services/signing.py",     "import resolvers.orders",          LAYERS),
    ("resolvers/orders.py",     "import subscriptions.bell",        LAYERS),
    ("subscriptions/bell.py",   "import api.app",                   LAYERS),
    ("rules/people.py",         "import models.order",              STANDARD),
    ("rules/people.py",         "import pydantic",                  STANDARD),
    ("services/signing.py",     "import strawberry",                GRAPHQL),
    ("models/order.py",         "def late():\n    import starlette", GRAPHQL),
    ("services/signing.py",     "import partners.signing.pades", PARTNERS),
    ("api/app.py",              "import partners.signing.pades", PARTNERS),
]
# fmt: on


def broken(house: Path) -> set[str]:
    """The contracts that a house does not keep."""
    lint = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"
    ran = subprocess.run([sys.executable, "-c", lint], cwd=house, capture_output=True, text=True, check=False)
    told = dict(re.findall(r"^(.+) (KEPT|BROKEN)(?: \(.*\))?$", ran.stdout, re.MULTILINE))
    assert told.keys() == {LAYERS, STANDARD, GRAPHQL, PARTNERS}, ran.stdout + ran.stderr
    return {contract for contract, verdict in told.items() if verdict == "BROKEN"}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The skeleton under the contracts of this project."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, text in SKELETON.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        for package in (file.parent, *file.parent.parents[:-1]):
            if package.is_relative_to(tmp_path) and package != tmp_path:
                (package / "__init__.py").touch()
        file.write_text(text + "\n")
    return tmp_path


def test_the_house_keeps_its_contracts() -> None:
    assert broken(ROOT) == set()


def test_a_house_may_be_built_within_the_contracts(house: Path) -> None:
    assert broken(house) == set()


@pytest.mark.parametrize(("file", "line", "contract"), VIOLATIONS, ids=lambda value: value.splitlines()[-1].strip())
def test_each_contract_breaks_when_it_is_violated(house: Path, file: str, line: str, contract: str) -> None:
    with (house / file).open("a") as text:
        text.write(line + "\n")

    assert contract in broken(house)
