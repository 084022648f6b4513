"""The example operations that GraphiQL offers and the tests execute, read from `web/examples/*.graphql`."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "web" / "examples"

_NAME = re.compile(r"\d{3}(-[a-z0-9]+)+")
_FACT = re.compile(r"# (?P<key>en|zh|user|variables): (?P<text>.*)")


class BadExample(ValueError):
    """An example file whose name or header cannot be read; the message names the file."""


@dataclass(frozen=True)
class Example:
    """One operation with its title in both languages, the account it is meant for (None: anyone) and its variables."""

    name: str
    en: str
    zh: str
    user: str | None
    variables: dict[str, object]
    query: str

    def as_json(self) -> dict[str, object]:
        """The shape that the page's panel reads; variables are the text of the variable editor."""
        variables = json.dumps(self.variables, ensure_ascii=False, indent=2) if self.variables else ""
        title = {"en": self.en, "zh": self.zh}
        return {"name": self.name, "title": title, "user": self.user, "variables": variables, "query": self.query}


def read_examples(folder: Path = FOLDER) -> tuple[Example, ...]:
    """Every example of the folder in the order of the numbers their names begin with.

    Raises BadExample when a file's name or header does not follow the form of the others.
    """
    return tuple(read_example(path) for path in sorted(folder.glob("*.graphql")))


def read_example(path: Path) -> Example:
    """The example in this file: comment lines `# key: text`, an empty line, then the operation."""
    if not _NAME.fullmatch(path.stem):
        raise BadExample(f"{path.name}: the name must be three digits and words, like 010-who-am-i.graphql")
    header, _, query = path.read_text("utf-8").partition("\n\n")
    facts = _facts(path, header)
    if missing := {"en", "zh", "variables"} - facts.keys():
        raise BadExample(f"{path.name}: the header lacks {', '.join(sorted(missing))}")
    return Example(path.stem, facts["en"], facts["zh"], facts.get("user"), _variables(path, facts["variables"]), query)


def _facts(path: Path, header: str) -> dict[str, str]:
    facts: dict[str, str] = {}
    key = ""
    for line in header.splitlines():
        if fact := _FACT.fullmatch(line):
            key = fact["key"]
            facts[key] = fact["text"]
        elif key == "variables" and line.startswith("#"):  # long variables go on over several lines
            facts[key] += line[1:]
        else:
            raise BadExample(f"{path.name}: the header has a line that is not `# en|zh|user|variables: …`: {line}")
    return facts


def _variables(path: Path, text: str) -> dict[str, object]:
    try:
        variables = json.loads(text)
    except ValueError as error:
        raise BadExample(f"{path.name}: the variables are not JSON: {error}") from error
    if not isinstance(variables, dict):
        raise BadExample(f"{path.name}: the variables must be a JSON object")
    return variables
