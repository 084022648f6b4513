"""A visitor of the demo who does what GraphiQL does: signs in, has an example filled in, runs it over HTTP or the socket."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx2
from graphql import OperationDefinitionNode, OperationType, parse
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.servers import NO_TLS

SIGN_IN = "mutation($input: SignInInput!) { signIn(input: $input) { ... on SignInSuccess { accessToken } } }"


@dataclass
class Visitor:
    """Somebody at this origin, who keeps every token."""

    url: str
    _tokens: dict[str, str] = field(default_factory=dict)

    def examples(self) -> list[str]:
        """The names of the examples, in their order."""
        return [example["name"] for example in self.get("/graphiql/examples.json")["examples"]]

    def example(self, name: str) -> dict[str, Any]:
        """The example as it is filled in now."""
        example: dict[str, Any] = self.get(f"/graphiql/examples/{name}.json")
        return {**example, "variables": json.loads(example["variables"] or "{}")}

    def run(self, example: dict[str, Any]) -> dict[str, Any]:
        """The answer; of a subscription, the first event's."""
        question = {"query": example["query"], "variables": example["variables"]}
        if is_subscription(example["query"]):
            return self._first_event(question, example["user"])
        headers = self._headers(example["user"])
        answer: dict[str, Any] = httpx2.post(
            f"{self.url}/graphql", json=question, headers=headers, verify=NO_TLS
        ).json()
        return answer

    def get(self, path: str) -> Any:
        """The JSON at this path."""
        reply = httpx2.get(self.url + path, verify=NO_TLS)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def _headers(self, user: str | None) -> dict[str, str]:
        if user is None:
            return {}
        if user not in self._tokens:
            self.enter(user, {one["account"]: one["password"] for one in self.get("/graphiql/demo.json")}[user])
        return {"Authorization": f"Bearer {self._tokens[user]}"}

    def enter(self, user: str, password: str) -> None:
        """Sign in, also as somebody who is not of the demo."""
        signing_in = {"query": SIGN_IN, "variables": {"input": {"signInName": user, "password": password}}}
        answer = httpx2.post(f"{self.url}/graphql", json=signing_in, verify=NO_TLS).json()
        self._tokens[user] = answer["data"]["signIn"]["accessToken"]

    def _first_event(self, question: dict[str, Any], user: str | None) -> dict[str, Any]:
        """Fails when none comes within ten seconds."""
        address = self.url.replace("http", "ws", 1) + "/graphql"
        with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
            socket.send(json.dumps({"type": "connection_init", "payload": self._headers(user)}))
            assert json.loads(socket.recv(10))["type"] == "connection_ack"
            socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": question}))
            message = json.loads(socket.recv(10))
            assert message["type"] == "next", message
            payload: dict[str, Any] = message["payload"]
            return payload


def is_subscription(query: str) -> bool:
    """Whether the operation's answer is a stream."""
    [operation] = parse(query).definitions
    assert isinstance(operation, OperationDefinitionNode)
    return operation.operation is OperationType.SUBSCRIPTION
