"""The files behind GraphiQL's examples are read as they are written, and a wrong one names itself."""

from pathlib import Path

import pytest
from graphql import parse

from api.examples import BadExample, read_example, read_examples

GOOD = '# en: Find\n# zh: 查找\n# user: buyer@demo\n# variables: {"text": "螺栓",\n#   "first": 2}\n\nquery Find {\n  a\n}\n'


def make_file(folder: Path, text: str, name: str = "010-find.graphql") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_header_gives_titles_user_and_variables(tmp_path: Path) -> None:
    example = read_example(make_file(tmp_path, GOOD))
    assert (example.name, example.en, example.zh, example.user) == ("010-find", "Find", "查找", "buyer@demo")
    assert example.variables == {"text": "螺栓", "first": 2}
    assert example.query == "query Find {\n  a\n}\n"


def test_an_example_without_a_user_is_for_anyone(tmp_path: Path) -> None:
    assert read_example(make_file(tmp_path, GOOD.replace("# user: buyer@demo\n", ""))).user is None


def test_examples_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("200-last.graphql", "010-first.graphql", "020-then.graphql"):
        make_file(tmp_path, GOOD, name)
    assert [example.name for example in read_examples(tmp_path)] == ["010-first", "020-then", "200-last"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD.replace("# zh: 查找\n", ""), "lacks zh"),
        (GOOD.replace("# en: Find", "# fr: Trouver"), "# fr: Trouver"),
        (GOOD.replace('"first": 2}', '"first": }'), "not JSON"),
        (GOOD.replace('{"text": "螺栓",\n#   "first": 2}', "[1]"), "must be a JSON object"),
        (GOOD.replace("2}\n\n", "2}\n"), "query Find {"),
        ("", "lacks en, variables, zh"),
    ],
)
def test_a_wrong_header_is_refused_with_the_files_name(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(BadExample, match=r"010-find\.graphql") as refusal:
        read_example(make_file(tmp_path, text))
    assert complaint in str(refusal.value)


@pytest.mark.parametrize("name", ["find.graphql", "10-find.graphql", "010.graphql", "010-Find.graphql"])
def test_a_name_without_a_number_and_words_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadExample, match="three digits"):
        read_example(make_file(tmp_path, GOOD, name))


def test_our_own_examples_hold_one_named_operation_each() -> None:
    examples = read_examples()
    assert examples
    for example in examples:
        [operation] = parse(example.query).definitions
        assert getattr(operation, "name", None), f"{example.name} has no operation name, so its tab would have none"
