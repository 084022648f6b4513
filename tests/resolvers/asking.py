"""One person asks the whole schema."""

from typing import Any

from api.schema import schema
from resolvers.context import Context
from rules.people import Actor

# Beneath the interface, so that one text serves every mutation: beside it, a type the union lacks would be an error.
PROBLEM = """... on Problem { code message
    ... on InvalidInputProblem { faults { field } }
    ... on QuantityProblem { remaining }
    ... on AmountProblem { expected found }
    ... on PrepaymentProblem { open dueOn }
    ... on ConflictProblem { field }
    ... on TaxRateProblem { path rate rates }
    ... on CertificateProblem { subject sha256 validUntil }
    ... on SignatureProblem { certificateSha256 toBeSignedSha256 } }"""


async def ask(actor: Actor, query: str, locale: str = "en", **variables: Any) -> Any:
    """What the one field of an operation answers; errors fail the test."""
    result = await schema.execute(query, variable_values=variables, context_value=Context(actor=actor, locale=locale))
    assert result.errors is None, result.errors
    assert result.data is not None
    [answer] = result.data.values()
    return answer


async def do(actor: Actor, action: str, shown: str, **said: Any) -> Any:
    """What the mutation of this name answers: what is `shown` of its success, or the problem."""
    kind = action[0].upper() + action[1:]
    given = INPUTS.get(action, f"{kind}Input")
    query = f"mutation ($input: {given}!) {{ {action}(input: $input) {{ __typename ... on {kind}Success {{ {shown} }} {PROBLEM} }} }}"
    return await ask(actor, query, input=said)


INPUTS = {"refuseContract": "OrderReasonInput"}
