"""The whole product on a free port of this process: real uvicorn, real sockets, the test's own database."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from starlette.applications import Starlette
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from api.app import create_app
from api.server import Server, configured
from api.settings import Settings
from models import Member
from rules.people import Actor
from services.callers import recognise
from tests.makers import PASSWORD
from tests.servers import NO_TLS
from tests.subscriptions.clients import PROTOCOL, Client

SIGN_IN = """mutation ($input: SignInInput!) {
  signIn(input: $input) { __typename ... on SignInSuccess { accessToken } ... on Problem { code message } }
}"""


@dataclass
class Caller:
    """Somebody with a browser: asks over HTTP, listens over a websocket."""

    http: httpx2.AsyncClient
    ws_url: str
    token: str | None = None

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of the answer; an error of the request fails the test."""
        answer = await self.ask_raw(query, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def ask_raw(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole answer."""
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        reply = await self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        answer: dict[str, Any] = reply.json()
        return answer

    async def do(self, query: str, **given: Any) -> dict[str, Any]:
        """The one mutation's result, for the input made of `given`."""
        [result] = (await self.ask(query, input=given)).values()
        assert isinstance(result, dict)
        return result

    @asynccontextmanager
    async def listening(self, query: str, **variables: Any) -> AsyncIterator["Listener"]:
        """A subscription on a socket of its own."""
        subprotocols = [Subprotocol(PROTOCOL)]
        async with connect(self.ws_url, subprotocols=subprotocols, compression=None) as socket:
            client = Client(socket)
            await client.init(self.token)
            await client.ask("1", query, **variables)
            yield Listener(client)


@dataclass
class Listener:
    """The receiving end of a subscription."""

    client: Client

    async def next_or_none(self, within: float = 10.0) -> dict[str, Any] | None:
        """The same; None when the server is too busy to show it in time, after which one subscribes anew."""
        async with asyncio.timeout(within):
            message = await self.client.hear()
        if message["type"] == "error" and message["payload"][0]["extensions"]["code"] == "TIMEOUT":
            return None
        return self._shown(message)

    async def next(self, within: float = 10.0) -> dict[str, Any]:
        """The next event's payload field."""
        async with asyncio.timeout(within):
            return self._shown(await self.client.hear())

    def _shown(self, message: Any) -> dict[str, Any]:
        assert message["type"] == "next", message
        [event] = message["payload"]["data"].values()
        assert isinstance(event, dict), json.dumps(message)
        return event

    async def take(self, count: int) -> list[dict[str, Any]]:
        """The next so many events."""
        return [await self.next() for _ in range(count)]


@dataclass
class House:
    """A running server."""

    app: Starlette
    port: int
    http: httpx2.AsyncClient

    @property
    def ws_url(self) -> str:
        """Where to subscribe."""
        return f"ws://127.0.0.1:{self.port}/graphql"

    def stranger(self) -> Caller:
        """Somebody who has not signed in."""
        return Caller(self.http, self.ws_url)

    async def enter(self, actor: Actor) -> Caller:
        """The actor's person, signed in over HTTP."""
        assert actor.member is not None
        member = await Member.get(id=actor.member)
        return await self.sign_in(member.sign_in_name, PASSWORD)

    async def whose(self, caller: Caller) -> Actor:
        """Who acts with the caller's token."""
        assert caller.token is not None
        return await recognise(caller.token)

    async def sign_in(self, sign_in_name: str, password: str) -> Caller:
        """Whoever has this name and password."""
        caller = self.stranger()
        result = await caller.do(SIGN_IN, signInName=sign_in_name, password=password)
        assert result["__typename"] == "SignInSuccess", result
        caller.token = result["accessToken"]
        return caller


@asynccontextmanager
async def open_house(database_url: str, data_dir: Path, **settings: Any) -> AsyncIterator[House]:
    """The product, serving until the end of the block."""
    app = create_app(Settings(data_dir=data_dir, **settings), database_url)
    server = Server(configured(app, host="127.0.0.1", port=0), app.state.live.close)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
        if serving.done():
            await serving
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30, verify=NO_TLS) as http:
            yield House(app, port, http)
    finally:
        server.should_exit = True
        await serving
