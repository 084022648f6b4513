"""What those who read a company's books are told of its statements of account as files."""

import strawberry

import models
from resolvers.relations import One, derived, related, shows
from resolvers.statement_files import StatementFile
from rules.account_statements import StatementFileStatus
from subscriptions.event import Event, kinds_in


@strawberry.type(
    description="A statement of account as a file was asked for, went on (told once a second at most), or came to its end."
)
@shows(models.Event)
class StatementFileChanged(Event):
    """A file went on."""

    statement_file: StatementFile | None = related(
        One(models.StatementFile, "stream", visible=True), description="The file as it is now."
    )
    status: StatementFileStatus = derived(lambda row: row.body["status"], description="How far it was right after it.")
    lines_done: int = derived(lambda row: row.body["linesDone"], description="How many entries were written then.")
    lines_in_all: int = derived(lambda row: row.body["linesInAll"], description="How many there were.")


STATEMENT_EVENT_TYPES = kinds_in(globals())
