"""The source of the pages: pinned, without an address, and checked only where Node is."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "web"
PAGES = ("graphiql", "dashboard")


@pytest.mark.parametrize("page", PAGES)
def test_every_package_is_pinned_to_one_version(page: str) -> None:
    package = json.loads((WEB / page / "package.json").read_text())
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_lock_names_hashes_and_no_host(page: str) -> None:
    packages = json.loads((WEB / page / "package-lock.json").read_text())["packages"]
    locked = [facts for name, facts in packages.items() if name]
    assert [facts for facts in locked if "resolved" in facts] == []
    assert [facts for facts in locked if "integrity" not in facts] == []


def test_without_node_the_check_says_so_and_passes(tmp_path: Path) -> None:
    for tool in ("bash", "dirname"):
        found = shutil.which(tool)
        assert found is not None
        (tmp_path / tool).symlink_to(found)
    check = subprocess.run(
        ["bash", str(WEB / "check.sh")], env={**os.environ, "PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert check.returncode == 0
    assert "no Node" in check.stdout
