"""What a supplier's own finance is told of days that were compared with a provider's statement; no buyer ever is."""

import strawberry

import models
from resolvers.reconciliations import Reconciliation, ReconciliationDifference
from resolvers.relations import One, derived, related, shows
from subscriptions.event import Event, Named, kinds_in


@strawberry.type
class _WithReconciliation:
    reconciliation: Reconciliation | None = related(
        One(models.Reconciliation, "stream", visible=True), description="The day as it is now."
    )


@strawberry.type(description="A day was compared with the provider's statement, and nothing is open.")
@shows(models.Event)
class Reconciled(_WithReconciliation, Event):
    """Both agree."""


@strawberry.type(description="A day was compared with the provider's statement, and differences are open.")
@shows(models.Event)
class ReconciliationDiffers(_WithReconciliation, Event):
    """They do not."""

    differences: int = derived(lambda row: row.body["differences"], description="How many are open.")


@strawberry.type(
    description="The provider's statement of a day is not whole, or cannot be read: nothing was compared, and it is asked for each hour."
)
@shows(models.Event)
class ReconciliationUnreadable(_WithReconciliation, Event):
    """There is nothing to compare with."""


@strawberry.type(description="Somebody said what a difference was.")
@shows(models.Event)
class StatementDifferenceResolved(_WithReconciliation, Event):
    """A difference is done with."""

    difference: ReconciliationDifference | None = related(
        Named(models.ReconciliationDifference, "differenceId", visible=True), description="The difference."
    )


RECONCILIATION_EVENT_TYPES = kinds_in(globals())
