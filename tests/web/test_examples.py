"""Every example that GraphiQL offers is run as a visitor would run it: signed in as its user, over HTTP or the socket."""

import json
import urllib.request
from typing import Any

import pytest
from graphql import OperationDefinitionNode, OperationType, parse
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from api.examples import Example, read_examples
from tests.web.small_shop import EXAMPLES

SIGN_IN = "mutation($input: SignInInput!) { signIn(input: $input) { ... on SignInSuccess { accessToken } } }"


def fetch(address: str, body: object = None, authorization: dict[str, str] | None = None) -> Any:
    sent = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, sent, {"content-type": "application/json", **(authorization or {})})  # noqa: S310 -- our own server
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer)


def authorization_of(site_url: str, user: str | None) -> dict[str, str]:
    """The header that GraphiQL would write after a click on this demo user."""
    if user is None:
        return {}
    password = {person["account"]: person["password"] for person in fetch(f"{site_url}/graphiql/demo.json")}[user]
    variables = {"input": {"account": user, "password": password}}
    signed_in = fetch(f"{site_url}/graphql", {"query": SIGN_IN, "variables": variables})
    return {"Authorization": f"Bearer {signed_in['data']['signIn']['accessToken']}"}


def first_event(site_url: str, payload: object, authorization: dict[str, str]) -> Any:
    """The first message of a subscription; it fails when none comes within ten seconds."""
    address = site_url.replace("http", "ws", 1) + "/graphql"
    with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
        socket.send(json.dumps({"type": "connection_init", "payload": authorization}))
        assert json.loads(socket.recv(10))["type"] == "connection_ack"
        socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        message = json.loads(socket.recv(10))
        assert message["type"] == "next", message
        return message["payload"]


def run(site_url: str, example: Example) -> Any:
    payload = {"query": example.query, "variables": example.variables}
    authorization = authorization_of(site_url, example.user)
    [operation] = parse(example.query).definitions
    assert isinstance(operation, OperationDefinitionNode)
    if operation.operation is OperationType.SUBSCRIPTION:
        return first_event(site_url, payload, authorization)
    return fetch(f"{site_url}/graphql", payload, authorization)


@pytest.mark.parametrize("example", [*read_examples(), *EXAMPLES], ids=lambda example: example.name)
def test_the_example_is_answered_without_errors(site_url: str, example: Example) -> None:
    answer = run(site_url, example)
    assert "errors" not in answer
    assert answer["data"]
