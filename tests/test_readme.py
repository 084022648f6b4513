"""Both READMEs say the same, and the tour in them works as it is printed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source import ROOT

ENGLISH = (ROOT / "README.md").read_text("utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text("utf-8")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def part(text: str, name: str) -> str:
    """What stands between the markers of this name."""
    [found] = re.findall(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->\n", text, re.DOTALL)
    return str(found)


def blocks(text: str) -> list[tuple[str, str]]:
    """Every fenced block with its language, in order."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def steps(text: str) -> list[tuple[str, list[str]]]:
    """The tour's shell blocks, each with the lines that the text block after it says it prints."""
    found: list[tuple[str, list[str]]] = []
    for language, body in blocks(part(text, "tour")):
        if language == "sh":
            found.append((body, []))
        else:
            found[-1][1].extend(body.splitlines())
    return found


def prints(line: str, output: str) -> bool:
    """Whether the output has this line; … stands for anything."""
    pattern = ".*".join(map(re.escape, line.split("…")))
    return re.search(f"^{pattern}$", output, re.MULTILINE) is not None


def make_folder(folder: Path) -> Path:
    """A folder with the virtual environment of this session in it, as `make run` leaves it."""
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


@pytest.mark.skipif(
    not (shutil.which("bash") and shutil.which("curl")),
    reason="the tour is for a shell with curl; see docs/decisions/0046",
)
def test_the_tour_prints_what_it_says(demo_url: str, tmp_path: Path) -> None:
    tour = steps(ENGLISH)
    assert len(tour) >= 8
    script = "".join(f"{body}printf '\\n--- {number} done\\n'\n" for number, (body, _) in enumerate(tour))
    told = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=make_folder(tmp_path),
        env={**os.environ, "API": f"{demo_url}/graphql", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    for number, (_, lines) in enumerate(tour):
        output = told.stdout.partition(f"--- {number} done\n")[0]
        assert [line for line in lines if not prints(line, output)] == [], output


def test_the_tour_needs_no_comments_in_the_shell() -> None:
    """Zsh, which macOS starts, takes a pasted comment for a command."""
    assert [body for body, _ in steps(ENGLISH) if re.search(r"^\s*#|\s# ", body, re.MULTILINE)] == []


def test_both_languages_have_the_same_blocks() -> None:
    assert [block for block in blocks(CHINESE) if block[0] != "mermaid"] == [
        block for block in blocks(ENGLISH) if block[0] != "mermaid"
    ]


def test_both_languages_have_the_same_chapters_and_links() -> None:
    shape = re.compile(r"^(#+) ", re.MULTILINE)
    assert shape.findall(CHINESE) == shape.findall(ENGLISH)
    assert sorted(set(LINK.findall(CHINESE)) - {"README.md"}) == sorted(
        set(LINK.findall(ENGLISH)) - {"README.zh-CN.md"}
    )


def test_both_languages_list_the_same_settings_with_the_same_defaults() -> None:
    def columns(text: str) -> list[list[str]]:
        return [line.split("|")[1:3] for line in part(text, "settings").splitlines()[2:]]

    names = [[cell.replace(" 或 ", " or ") for cell in row] for row in columns(CHINESE)]
    assert names == columns(ENGLISH)


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_links_lead_somewhere(text: str) -> None:
    assert [target for target in LINK.findall(text) if not (ROOT / target).exists()] == []


def test_a_line_is_found_with_what_differs_left_out() -> None:
    assert prints("a … c", "x\na b c\n")
    assert not prints("a … c", "xa b c\n")
    assert not prints("1", "11\n")
