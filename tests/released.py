"""What clients of the last release rely on, and which of it a schema breaks."""

import subprocess

from graphql import BreakingChangeType, GraphQLSchema, build_schema, find_breaking_changes, is_object_type
from graphql.utilities import BreakingChange

from tests.source import ROOT


def last_release() -> str | None:
    """The schema as the newest version tag has it; None before the first release, and where there is no git to ask."""
    tag = _git("describe", "--tags", "--abbrev=0", "--match", "v*")
    return None if tag is None else _git("show", f"{tag.strip()}:schema.graphql")


def broken(released: str, current: str) -> list[str]:
    """What a client of the released schema would stumble over; what was deprecated in it may go."""
    before, after = build_schema(released), build_schema(current)
    changes = find_breaking_changes(before, after)
    return [change.description for change in changes if not _was_announced(before, change)]


def _was_announced(before: GraphQLSchema, change: BreakingChange) -> bool:
    if change.type is not BreakingChangeType.FIELD_REMOVED:
        return False
    [coordinate] = [word for word in change.description.split() if "." in word[:-1]]
    type_name, _, field_name = coordinate.partition(".")
    type_ = before.get_type(type_name)
    return is_object_type(type_) and type_.fields[field_name].deprecation_reason is not None


def _git(*arguments: str) -> str | None:
    try:
        answer = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return answer.stdout if answer.returncode == 0 else None
