"""What all refusals have in common, as the schema shows them."""

import strawberry

import resolvers.problem_codes  # noqa: F401  # describes the codes
from rules.problem_codes import ProblemCode


@strawberry.interface(description="Why a request was understood and refused; nothing was changed.")
class Problem:
    """A refusal."""

    code: ProblemCode = strawberry.field(description="The reason, for programs.")
    message: str = strawberry.field(description="The reason, for people, in the caller's language.")
