"""Events of goods that go back."""

from typing import Any

import strawberry

import models
from resolvers.relations import derived, related, shows
from resolvers.returns import ReturnRequest
from rules.returns import Arbitration, Resolution
from subscriptions.event import Named, OrderEvent, kinds_in


@strawberry.type
class _WithReturn:
    return_request: ReturnRequest | None = related(
        Named(models.ReturnRequest, "returnId"), description="Which return, as it is now."
    )


@strawberry.type
class _Why:
    reason: str = derived(lambda row: row.body.get("reason") or "", description="Why.")


def _said(key: str) -> Any:
    return lambda row: row.body[key]


@strawberry.type(description="The buyer wants to give goods back.")
@shows(models.Event)
class ReturnRequested(_WithReturn, OrderEvent):
    """A step of a return."""


@strawberry.type(description="The supplier lets the buyer ship goods back.")
@shows(models.Event)
class ReturnApproved(_WithReturn, OrderEvent):
    """A step of a return."""


@strawberry.type(description="The supplier does not take goods back.")
@shows(models.Event)
class ReturnRejected(_WithReturn, _Why, OrderEvent):
    """A step of a return."""


@strawberry.type(description="The buyer asks the operator about a rejected return.")
@shows(models.Event)
class ReturnDisputed(_WithReturn, _Why, OrderEvent):
    """A step of a return."""


@strawberry.type(description="The operator decided about a disputed return.")
@shows(models.Event)
class ReturnArbitrated(_WithReturn, _Why, OrderEvent):
    """A step of a return."""

    decision: Arbitration = derived(_said("decision"), description="What was decided.")


@strawberry.type(description="Goods are on their way back.")
@shows(models.Event)
class ReturnShippedBack(_WithReturn, OrderEvent):
    """A step of a return."""


@strawberry.type(description="The supplier has looked at what came back.")
@shows(models.Event)
class ReturnTakenBack(_WithReturn, OrderEvent):
    """A step of a return."""


@strawberry.type(description="It is settled what comes of goods that were taken back.")
@shows(models.Event)
class ReturnResolved(_WithReturn, OrderEvent):
    """A step of a return."""

    resolution: Resolution = derived(_said("resolution"), description="What comes of them.")


@strawberry.type(description="The buyer keeps the goods after all.")
@shows(models.Event)
class ReturnCancelled(_WithReturn, OrderEvent):
    """A step of a return."""


RETURN_EVENT_TYPES = kinds_in(globals())
