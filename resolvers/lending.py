"""What suppliers do about their buyers' credit."""

from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.context import Context
from resolvers.credit_lines import CreditLine
from resolvers.inputs import Text, check
from resolvers.offer_inputs import Amount
from resolvers.problems import ALWAYS, StaleVersionProblem, answers, known
from resolvers.steps import Reason, shown
from rules.money import Currency
from services import credit_lines
from services.credit_lines import CreditTerms

Remark = Annotated[str, Text(1, 1000)]


@strawberry.input(description="What a buyer is to be lent; everything that is said of the line is replaced.")
class SetCreditLineInput:
    """A credit line, new or changed."""

    buyer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who is lent to; null: every buyer without a limit of its own."
    )
    currency: Currency = strawberry.field(description="The currency of the line and of the contracts it is for.")
    expected_version: int = strawberry.field(
        description="The version that was read; 0 for a line that does not exist yet."
    )
    limit: Amount | None = strawberry.field(
        default=None,
        description="What may be agreed and not paid at any time, tax included, at least 0; null: no limit of its own, so that the one for "
        "all without holds, or none.",
    )
    blocks_overdue: bool = strawberry.field(
        default=False, description="Whether nothing more is lent while anything is overdue, a prepayment or an invoice."
    )
    remark: Remark | None = strawberry.field(
        default=None, description="A note for the supplier's own people: 1 to 1000 characters."
    )


@strawberry.input(description="A credit line, as it was read.")
class CreditLineStepInput:
    """Which line takes the step."""

    credit_line_id: strawberry.ID = strawberry.field(description="The credit line, of the caller's company.")
    expected_version: int = strawberry.field(description="The version that was read.")


@strawberry.input(description="A credit line, as it was read, and why.")
class BlockCreditLineInput(CreditLineStepInput):
    """Which line is blocked, for which reason."""

    reason: Reason = strawberry.field(
        description="Why, for the supplier's own people; the buyer never reads it: 1 to 1000 characters."
    )


@strawberry.type
class CreditLineNow:
    """What a step on a credit line answers with."""

    credit_line: CreditLine = strawberry.field(description="The credit line as it is now.")


@strawberry.type(description="The limit holds for what takes effect from now on; what is agreed already stays.")
class SetCreditLineSuccess(CreditLineNow):
    """A line was set."""


@strawberry.type(description="No new contract of the buyer takes effect on credit.")
class BlockCreditLineSuccess(CreditLineNow):
    """A line was blocked."""


@strawberry.type(description="The buyer is lent to again, up to its limit.")
class UnblockCreditLineSuccess(CreditLineNow):
    """A line was opened."""


@strawberry.type
class LendingMutation:
    """What suppliers do about their buyers' credit."""

    @strawberry.mutation(
        graphql_type=answers(SetCreditLineSuccess, *ALWAYS, StaleVersionProblem),
        description="Set what a buyer, or every buyer without a limit of its own, is lent in one currency; for ADMIN, FINANCE and SALES "
        "of a company that supplies.",
    )
    async def set_credit_line(self, info: Info[Context, None], input: SetCreditLineInput) -> SetCreditLineSuccess:
        """A credit line, set."""
        check(input)
        limit = None if input.limit is None else Decimal(input.limit)
        line = await credit_lines.set_credit_line(
            info.context.actor,
            None if input.buyer_id is None else known("Company", input.buyer_id),
            input.currency,
            input.expected_version,
            CreditTerms(limit, input.blocks_overdue, input.remark),
        )
        return SetCreditLineSuccess(credit_line=shown(line))

    @strawberry.mutation(
        graphql_type=answers(BlockCreditLineSuccess, *ALWAYS, StaleVersionProblem),
        description="Let no new contract of a buyer take effect on credit, nor a change that makes one dearer; for ADMIN, FINANCE and "
        "SALES.",
    )
    async def block_credit_line(self, info: Info[Context, None], input: BlockCreditLineInput) -> BlockCreditLineSuccess:
        """A credit line, blocked."""
        check(input)
        line = await credit_lines.block_credit_line(
            info.context.actor, known("CreditLine", input.credit_line_id), input.expected_version, input.reason
        )
        return BlockCreditLineSuccess(credit_line=shown(line))

    @strawberry.mutation(
        graphql_type=answers(UnblockCreditLineSuccess, *ALWAYS, StaleVersionProblem),
        description="Lend a buyer again whose line was blocked; for ADMIN, FINANCE and SALES.",
    )
    async def unblock_credit_line(
        self, info: Info[Context, None], input: CreditLineStepInput
    ) -> UnblockCreditLineSuccess:
        """A credit line, open again."""
        check(input)
        line = await credit_lines.unblock_credit_line(
            info.context.actor, known("CreditLine", input.credit_line_id), input.expected_version
        )
        return UnblockCreditLineSuccess(credit_line=shown(line))
