"""A GraphQL server of a few fields with the real pages on top: enough to try GraphiQL on."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import strawberry
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from api.demo_users import DemoUser, Tally
from api.examples import Example
from api.pages import Demo, Site, page_not_found, page_routes

BUYER = DemoUser("buyer@demo", "let-me-buy", "Buyer", "采购员")
SUPPLIER = DemoUser("supplier@demo", "let-me-sell", "Supplier", "供应商")
SIGN_IN = "mutation Enter($input: SignInInput!) {\n  signIn(input: $input) {\n    __typename\n  }\n}\n"
EXAMPLES = [
    Example(
        "010-greet", "Greet", "问候", None, {"name": "订货"}, "query Greet($name: String!) {\n  greet(name: $name)\n}\n"
    ),
    Example("020-who-am-i", "Who am I?", "我是谁？", BUYER.account, {}, "query WhoAmI {\n  caller\n}\n"),
    Example("030-count", "Count", "计数", SUPPLIER.account, {}, "subscription Count {\n  count\n}\n"),
    Example(
        "040-enter",
        "Sign in",
        "登录",
        None,
        {"input": {"signInName": BUYER.account, "password": BUYER.password}},
        SIGN_IN,
    ),
]


@strawberry.interface
class Problem:
    code: str
    message: str


@strawberry.type
class SignInRefused(Problem):
    pass


@strawberry.type
class SignInSuccess:
    access_token: str
    access_token_expires_at: datetime


@strawberry.input
class SignInInput:
    sign_in_name: str
    password: str


def _caller(authorization: str | None) -> str:
    return authorization.removeprefix("Bearer token-of-") if authorization else "nobody"


@strawberry.type
class Query:
    @strawberry.field
    def greet(self, name: str) -> str:
        return f"Good day, {name}!"

    @strawberry.field
    def caller(self, info: strawberry.Info) -> str:
        return _caller(info.context["request"].headers.get("authorization"))


@strawberry.type
class Mutation:
    @strawberry.mutation
    def sign_in(self, input: SignInInput) -> SignInSuccess | SignInRefused:
        for user in (BUYER, SUPPLIER):
            if (user.account, user.password) == (input.sign_in_name, input.password):
                return SignInSuccess(
                    access_token=f"token-of-{user.account}",
                    access_token_expires_at=datetime.now(UTC) + timedelta(minutes=15),
                )
        return SignInRefused(code="SIGN_IN_REFUSED", message="This account and password do not fit.")


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, info: strawberry.Info) -> AsyncIterator[str]:
        for number in (1, 2, 3):
            yield f"{number} for {_caller(info.context['connection_params'].get('Authorization'))}"


async def _tally() -> Tally:
    return Tally(2, 3, 4)


async def _fill(example: Example) -> Example:
    return example


async def _alive() -> bool:
    return True


def small_shop() -> Starlette:
    """The app: `/graphql` over HTTP and graphql-transport-ws, and the pages in demo mode."""
    schema = strawberry.Schema(Query, Mutation, Subscription)
    door = GraphQL[None, None](schema, graphql_ide=None, subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL])
    site = Site("1.2.3", schema.as_str(), _alive, Demo([BUYER, SUPPLIER], _tally, _fill))
    routes = [Route("/graphql", door), WebSocketRoute("/graphql", door), *page_routes(site, EXAMPLES)]
    return Starlette(routes=routes, exception_handlers={404: page_not_found})
