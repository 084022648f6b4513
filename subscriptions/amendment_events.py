"""What both sides are told of changes of a contract in force, and of its end."""

import strawberry

import models
from resolvers.contracts import Contract
from resolvers.relations import derived, related, shows
from subscriptions.event import Named, OrderEvent, kinds_in


@strawberry.type
class _OfVersion:
    contract: Contract | None = related(
        Named(models.Contract, "contractId"), description="Which version of the contract."
    )


@strawberry.type
class _Why:
    reason: str = derived(lambda row: row.body.get("reason") or "", description="Why.")


@strawberry.type(description="One side proposed a next version of the contract; it is the other side's turn.")
@shows(models.Event)
class ContractChangeProposed(_OfVersion, _Why, OrderEvent):
    """A change is on the table."""


@strawberry.type(description="Both sides agree on the next version; with the second signature it is in force.")
@shows(models.Event)
class ContractChangeAgreed(_OfVersion, OrderEvent):
    """A change waits for signatures."""


@strawberry.type(description="One side refused the next version; the contract stays as it is.")
@shows(models.Event)
class ContractChangeRefused(_OfVersion, _Why, OrderEvent):
    """A change is void."""


@strawberry.type(description="The side that proposed the next version took it back; the contract stays as it is.")
@shows(models.Event)
class ContractChangeWithdrawn(_OfVersion, _Why, OrderEvent):
    """A change is void."""


@strawberry.type(description="The time to sign the next version ended; the contract stays as it is.")
@shows(models.Event)
class ContractChangeLapsed(_OfVersion, OrderEvent):
    """A change is void."""


@strawberry.type(description="One side asked the other to end the contract.")
@shows(models.Event)
class TerminationProposed(_Why, OrderEvent):
    """An end was proposed."""


@strawberry.type(
    description="The contract stands: the other side refused to end it, or the one that asked thought better of it."
)
@shows(models.Event)
class TerminationRefused(_Why, OrderEvent):
    """An end was refused."""


@strawberry.type(description="The contract was ended before any goods had left.")
@shows(models.Event)
class OrderTerminated(_OfVersion, _Why, OrderEvent):
    """An order ended."""


AMENDMENT_EVENT_TYPES = kinds_in(globals())
