"""What people do about reconciliations."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.types import Info

from resolvers.context import Context
from resolvers.inputs import Text, check
from resolvers.problems import ALWAYS, RECONCILING, WrongStatusProblem, answers, known
from resolvers.reconciliations import Reconciliation, ReconciliationDifference
from resolvers.steps import shown
from rules.billing import PaymentMethod
from services import reconciliations


@strawberry.input(description="Which day of which account.")
class ReconcilePaymentsInput:
    """A day to compare."""

    method: PaymentMethod = strawberry.field(description="Whose statement: ALIPAY or WECHAT_PAY.")
    day: date = strawberry.field(
        description="The provider's day in Asia/Shanghai, before today: WeChat Pay keeps 90 of them, Alipay all since 2016."
    )
    supplier_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose account; an operator has to say it, everybody else's is their own company's."
    )


@strawberry.type(description="The day was compared, or will be once the provider has a statement of it.")
class ReconcilePaymentsSuccess:
    """A day."""

    reconciliation: Reconciliation = strawberry.field(
        description="The day as it is now; where several accounts were used on it, since one replaced another, the newest one's: "
        "`reconciliations` has all of them."
    )


@strawberry.input(description="What a difference was.")
class ResolveReconciliationDifferenceInput:
    """A difference that is done with."""

    difference_id: strawberry.ID = strawberry.field(description="Which difference.")
    remark: Annotated[str, Text(1, 1000)] = strawberry.field(
        description="What it was and what became of it, at most 1000 characters."
    )


@strawberry.type(description="The difference is done with; comparing the day again does not bring it back.")
class ResolveReconciliationDifferenceSuccess:
    """A difference."""

    difference: ReconciliationDifference = strawberry.field(description="The difference.")


@strawberry.type
class ReconcilingMutation:
    """How days are compared and differences resolved."""

    @strawberry.mutation(
        graphql_type=answers(ReconcilePaymentsSuccess, *ALWAYS, *RECONCILING),
        description="Compare a day with the provider's statement, now or once more; open differences are replaced, resolved ones stay. "
        "For FINANCE, or an OPERATOR.",
    )
    async def reconcile_payments(
        self, info: Info[Context, None], input: ReconcilePaymentsInput
    ) -> ReconcilePaymentsSuccess:
        """The day, compared."""
        check(input)
        supplier = None if input.supplier_id is None else known("Company", input.supplier_id)
        row = await reconciliations.reconcile_payments(info.context.actor, input.method, input.day, supplier)
        return ReconcilePaymentsSuccess(reconciliation=shown(row))

    @strawberry.mutation(
        graphql_type=answers(ResolveReconciliationDifferenceSuccess, *ALWAYS, WrongStatusProblem),
        description="Say what an open difference was; for FINANCE. Nothing is booked by it.",
    )
    async def resolve_reconciliation_difference(
        self, info: Info[Context, None], input: ResolveReconciliationDifferenceInput
    ) -> ResolveReconciliationDifferenceSuccess:
        """The difference, resolved."""
        check(input)
        difference = known("ReconciliationDifference", input.difference_id)
        row = await reconciliations.resolve_reconciliation_difference(info.context.actor, difference, input.remark)
        return ResolveReconciliationDifferenceSuccess(difference=shown(row))
