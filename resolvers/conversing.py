"""What the two sides say to each other on an order."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry.types import Info

from resolvers.context import Context
from resolvers.inputs import Items, Text, check
from resolvers.order_lines import Message
from resolvers.problems import CHANGING, ConflictProblem, answers, known
from resolvers.steps import KEY, Key, OrderStepInput, shown
from rules.conversation import TalkChannel
from services import conversing

Saying = Annotated[str, Text(1, 4000)]
MOST_FILES = 10


@strawberry.input(description="A chat message.")
class PostMessageInput:
    """What to say on which order."""

    order_id: strawberry.ID = strawberry.field(description="The order.")
    text: Saying = strawberry.field(description="1 to 4000 characters.")
    attachment_ids: Annotated[list[strawberry.ID], Items(0, MOST_FILES)] = strawberry.field(
        default_factory=list, description="Files it speaks of, uploaded before and hung on nothing yet: at most 10."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.input(description="A talk that was held outside the system.")
class LogTalkInput(PostMessageInput):
    """What was said where and when."""

    channel: TalkChannel = strawberry.field(description="Where it took place.")
    talked_at: datetime = strawberry.field(description="When it took place.")


@strawberry.input(description="A question to the buyer, or the answer to it.")
class AskInput(OrderStepInput):
    """What is asked or answered on which order."""

    text: Saying = strawberry.field(description="1 to 4000 characters.")
    attachment_ids: Annotated[list[strawberry.ID], Items(0, MOST_FILES)] = strawberry.field(
        default_factory=list, description="Files it speaks of, uploaded before and hung on nothing yet: at most 10."
    )
    idempotency_key: Key = strawberry.field(description=KEY)


@strawberry.type
class Said:
    """What every saying answers with."""

    # Not `message`: that is what a Problem says, and one selection could not ask for both.
    said: Message = strawberry.field(description="What was said.")


@strawberry.type(description="Both sides can read the message.")
class PostMessageSuccess(Said):
    """Both sides can read the message."""


@strawberry.type(description="Both sides can read the record.")
class LogTalkSuccess(Said):
    """Both sides can read the record."""


@strawberry.type(description="It is the buyer's turn to answer.")
class AskBuyerSuccess(Said):
    """It is the buyer's turn to answer."""


@strawberry.type(description="It is the supplier's turn again.")
class AnswerSupplierSuccess(Said):
    """It is the supplier's turn again."""


def _files(given: PostMessageInput | AskInput) -> tuple[UUID, ...]:
    return tuple(known("Attachment", each) for each in given.attachment_ids)


SAYING = (*CHANGING, ConflictProblem)


@strawberry.type
class ConversingMutation:
    """What can be said."""

    @strawberry.mutation(graphql_type=answers(PostMessageSuccess, *SAYING), description="Say something on an order.")
    async def post_message(self, info: Info[Context, None], input: PostMessageInput) -> PostMessageSuccess:
        """The message, posted."""
        check(input)
        said = await conversing.post_message(
            info.context.actor,
            known("Order", input.order_id),
            input.text,
            _files(input),
            idempotency_key=input.idempotency_key,
        )
        return PostMessageSuccess(said=shown(said))

    @strawberry.mutation(
        graphql_type=answers(LogTalkSuccess, *SAYING), description="Put a call, an e-mail or a meeting on record."
    )
    async def log_talk(self, info: Info[Context, None], input: LogTalkInput) -> LogTalkSuccess:
        """The talk, on record."""
        check(input)
        talk = conversing.Talk(input.channel, input.talked_at, input.text)
        said = await conversing.log_talk(
            info.context.actor,
            known("Order", input.order_id),
            talk,
            _files(input),
            idempotency_key=input.idempotency_key,
        )
        return LogTalkSuccess(said=shown(said))

    @strawberry.mutation(
        graphql_type=answers(AskBuyerSuccess, *SAYING), description="Ask the buyer something before quoting."
    )
    async def ask_buyer(self, info: Info[Context, None], input: AskInput) -> AskBuyerSuccess:
        """The question, asked."""
        check(input)
        said = await conversing.ask_buyer(
            info.context.actor,
            known("Order", input.order_id),
            input.expected_version,
            input.text,
            _files(input),
            idempotency_key=input.idempotency_key,
        )
        return AskBuyerSuccess(said=shown(said))

    @strawberry.mutation(
        graphql_type=answers(AnswerSupplierSuccess, *SAYING), description="Answer the supplier's question."
    )
    async def answer_supplier(self, info: Info[Context, None], input: AskInput) -> AnswerSupplierSuccess:
        """The answer, given."""
        check(input)
        said = await conversing.answer_supplier(
            info.context.actor,
            known("Order", input.order_id),
            input.expected_version,
            input.text,
            _files(input),
            idempotency_key=input.idempotency_key,
        )
        return AnswerSupplierSuccess(said=shown(said))
