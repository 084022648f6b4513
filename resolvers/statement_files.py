"""Statements of account as files: how far each is, where to fetch it, and how to ask for one."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry
from strawberry.types import Info

import models
from models.rows import row
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import decode_id, encode_id
from resolvers.inputs import PAGE_DEFAULT, check
from resolvers.links import link
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.problems import ALWAYS, CREATING, WrongStatusProblem, answers, known
from resolvers.relations import One, derived, related, shows
from resolvers.steps import KEY, Key, shown
from resolvers.words import label
from rules.account_statements import (
    KEPT_FOR,
    MOST_LINES,
    MOST_UNDER_WAY,
    StatementFailure,
    StatementFileStatus,
    StatementFormat,
)
from rules.money import Currency
from services import statement_files

if TYPE_CHECKING:
    from resolvers.companies import Company, Member


LazyCompany = Annotated["Company", strawberry.lazy("resolvers.companies")]
LazyMember = Annotated["Member", strawberry.lazy("resolvers.companies")]
STATEMENT_PATH = "/account-statements/{id}"
READY = StatementFileStatus.READY

described(
    StatementFormat,
    "StatementFormat",
    "What kind of file a statement of account is.",
    {
        "PDF": "Pages to read and print (PDF/A-2b).",
        "XLSX": "A workbook: the entries, totals by document type, open invoices.",
        "CSV": "The entries alone between both balances, in UTF-8.",
    },
)
described(
    StatementFileStatus,
    "StatementFileStatus",
    "How far a file is.",
    {
        "QUEUED": "It waits to be made.",
        "WORKING": "It is being made; `linesDone` tells how far.",
        "READY": "It can be fetched.",
        "FAILED": "It could not be made in several tries: `failure` says why; `retryAccountStatement` begins anew.",
        "CANCELLED": "Somebody gave it up; `retryAccountStatement` makes it after all.",
        "EXPIRED": "It lies here no longer; `retryAccountStatement` makes it anew.",
    },
)


described(
    StatementFailure,
    "StatementFailure",
    "Why a file could not be made, told after its last try.",
    {
        "UNAVAILABLE": "The database, or where files are kept, did not answer; try again later.",
        "UNBALANCED": "The entries do not lead from the opening to the closing balance; nothing is handed out, and the platform has to "
        "look at the books.",
        "INTERRUPTED": "Each server that tried ended meanwhile; try again, or ask for a shorter period.",
        "FAULT": "A fault of the platform's, which its log tells of.",
    },
)


class StatementLanguage(StrEnum):
    """In which language a file is written."""

    ZH_CN = "zh-CN"
    EN = "en"


described(
    StatementLanguage,
    "StatementLanguage",
    "In which language a file is written.",
    {"ZH_CN": "Chinese.", "EN": "English."},
)


@strawberry.type(
    description="A statement of account as a file, made in the background of what the books held at one moment; for those who read the "
    "books of the company that asked for it."
)
@shows(models.StatementFile)
class StatementFile(Node):
    """A file, or one that is being made."""

    id: strawberry.ID = derived(lambda row: encode_id("StatementFile", row.id), description="Opaque id.")
    counterparty: LazyCompany = related(One(models.Company, "counterparty_id"), description="The other company.")
    requester: LazyMember | None = related(
        One(models.Member, "requester_id"), description="Who asked for it, or made the key of the machine that did."
    )
    currency: Currency = strawberry.field(description="The currency of all amounts.")
    period_start: date = strawberry.field(description="Its first day.")
    period_end: date = strawberry.field(description="Its last day.")
    format: StatementFormat = strawberry.field(description="What kind of file.")
    language: StatementLanguage = derived(
        lambda row: StatementLanguage(row.locale), description="In which language it is written."
    )
    status: StatementFileStatus = strawberry.field(description="How far it is.")
    status_label: str = derived(
        lambda row, context: label("statement_file_status", row.status, context.locale),
        description="The same in the caller's language.",
    )
    failure: StatementFailure | None = strawberry.field(
        description="Why it could not be made; null unless FAILED, and where nobody wrote it down yet."
    )
    failure_label: str | None = derived(
        lambda row, context: row.failure and label("statement_failure", row.failure, context.locale),
        description="The same as a sentence in the caller's language.",
    )
    lines_done: int = strawberry.field(description="How many entries are written.")
    lines_in_all: int = strawberry.field(description="How many there are.")
    requested_at: datetime = derived(lambda row: row.created_at, description="When it was asked for.")
    as_of: datetime | None = strawberry.field(
        description="Of which moment it is: all that was booked until then is in it; null before it is being made."
    )
    size: int | None = strawberry.field(description="Bytes in the file; null before it was READY.")
    sha256: str | None = strawberry.field(description="SHA-256 of the file, in hex; null before it was READY.")
    expires_at: datetime | None = strawberry.field(
        description=f"Until when it can be fetched, {KEPT_FOR.days} days after it was made; null before."
    )
    url: str | None = derived(
        lambda row: STATEMENT_PATH.format(id=encode_id("StatementFile", row.id)) if row.status == READY else None,
        description="Path on this server; to be fetched with the same `Authorization` header. Null unless READY.",
    )
    download_url: str | None = derived(
        lambda row, context: link(context, STATEMENT_PATH, "StatementFile", row.id) if row.status == READY else None,
        description="The same for a browser, for five minutes; null unless READY, for machines, which send their key to `url`, and in "
        "events, which many read.",
    )


@strawberry.type
class StatementFileQuery:
    """How to find statements that were made."""

    @strawberry.field(
        description="The statements of account that the caller's company asked for as files, newest first."
    )
    async def statement_files(
        self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[StatementFile]:
        """Empty for whoever does not read the books."""
        found = models.StatementFile.visible_to(info.context.actor)
        return Connection.of(await page(found, ("-id",), first=first, after=after))

    @strawberry.field(description="Such a file by its id; null if there is none that the caller may see.")
    async def statement_file(
        self, info: Info[Context, None], id: Annotated[strawberry.ID, strawberry.argument(description="Opaque id.")]
    ) -> StatementFile | None:
        """A missing, a malformed and a stranger's id look the same."""
        key = decode_id("StatementFile", id)
        return await row(models.StatementFile.visible_to(info.context.actor).filter(id=key)) if key else None


@strawberry.input(description="Which statement of account, as what kind of file.")
class RequestAccountStatementInput:
    """A file that is wanted."""

    counterparty_id: strawberry.ID = strawberry.field(description="The other company.")
    currency: Currency = strawberry.field(description="The currency of all amounts.")
    period_start: date = strawberry.field(description="The first day, at the caller's company.")
    period_end: date = strawberry.field(
        description=f"The last day, not before the first; at most {MOST_LINES} entries may have been booked in between."
    )
    format: StatementFormat = strawberry.field(description="What kind of file.")
    language: StatementLanguage | None = strawberry.field(
        default=None, description="In which language it is written; the caller's unless said."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A file that was asked for.")
class StatementFileInput:
    """Which file."""

    statement_file_id: strawberry.ID = strawberry.field(description="The file.")


@strawberry.type
class StatementFileNow:
    """What a step on a file answers with."""

    statement_file: StatementFile = strawberry.field(description="The file as it is now.")


@strawberry.type(description="The file is QUEUED; `StatementFileChanged` tells how it goes on.")
class RequestAccountStatementSuccess(StatementFileNow):
    """A file was asked for."""


@strawberry.type(description="The file is not made any further.")
class CancelAccountStatementSuccess(StatementFileNow):
    """A file was given up."""


@strawberry.type(description="The file is QUEUED again.")
class RetryAccountStatementSuccess(StatementFileNow):
    """A file was asked for anew."""


@strawberry.type
class StatementFileMutation:
    """What people do about statements as files."""

    @strawberry.mutation(
        graphql_type=answers(RequestAccountStatementSuccess, *CREATING),
        description="Ask for a statement of account as a file; for ADMIN and FINANCE, and machines with BILLING. At most "
        f"{MOST_UNDER_WAY} are made for a company at the same time.",
    )
    async def request_account_statement(
        self, info: Info[Context, None], input: RequestAccountStatementInput
    ) -> RequestAccountStatementSuccess:
        """A file, asked for."""
        check(input)
        wish = statement_files.StatementWish(
            known("Company", input.counterparty_id),
            input.currency,
            input.period_start,
            input.period_end,
            input.format,
            input.language or info.context.locale,
        )
        made = await statement_files.request_account_statement(
            info.context.actor, wish, idempotency_key=input.idempotency_key
        )
        return RequestAccountStatementSuccess(statement_file=shown(made))

    @strawberry.mutation(
        graphql_type=answers(CancelAccountStatementSuccess, *ALWAYS, WrongStatusProblem),
        description="Give up a file that is QUEUED or WORKING.",
    )
    async def cancel_account_statement(
        self, info: Info[Context, None], input: StatementFileInput
    ) -> CancelAccountStatementSuccess:
        """A file, given up."""
        check(input)
        file = await statement_files.cancel_account_statement(info.context.actor, _named(input))
        return CancelAccountStatementSuccess(statement_file=shown(file))

    @strawberry.mutation(
        graphql_type=answers(RetryAccountStatementSuccess, *ALWAYS, WrongStatusProblem),
        description="Make a file that is FAILED, CANCELLED or EXPIRED anew, of what the books hold then.",
    )
    async def retry_account_statement(
        self, info: Info[Context, None], input: StatementFileInput
    ) -> RetryAccountStatementSuccess:
        """A file, asked for anew."""
        check(input)
        file = await statement_files.retry_account_statement(info.context.actor, _named(input))
        return RetryAccountStatementSuccess(statement_file=shown(file))


def _named(given: StatementFileInput) -> UUID:
    return known("StatementFile", given.statement_file_id)
