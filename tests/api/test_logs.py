"""Nothing secret reaches the log, whatever name or shape it comes in; what is harmless stays readable."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from api.logs import HIDDEN, bind_request, configure_logs, hide_secrets
from api.settings import LogFormat, LogLevel

MARKER = "hunter2hunter2"


@pytest.fixture(autouse=True)
def written() -> Iterator[StringIO]:
    """What is written to a log set up as in production; afterwards logs are as pytest had them."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = StringIO()
    configure_logs(LogLevel.INFO, LogFormat.JSON, stream)
    yield stream
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


@pytest.mark.parametrize(
    "name",
    [
        "password", "new_password", "Authorization", "token", "refreshToken", "access_token", "api_key", "apiKey", "secret",
        "client_secret", "set-cookie", "privateKey", "credentials",
    ],
)  # fmt: skip
def test_a_value_under_a_telling_name_is_hidden(name: str) -> None:
    assert hide_secrets(None, "", {name: MARKER})[name] == HIDDEN


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {MARKER}",
        f"basic {MARKER}==",
        f"cannot connect to postgresql://orders:{MARKER}@db:5432/orders",
        f"body was {{'password': '{MARKER}', 'account': 'wang'}}",
        f'{{"refreshToken": "{MARKER}"}}',
        f"password={MARKER}&account=wang",
        f"eyJhbGciOi.{MARKER}.sig",
        f"key pk_{MARKER} is revoked",
    ],
)
def test_a_secret_inside_a_sentence_is_hidden(text: str) -> None:
    said = hide_secrets(None, "", {"event": text})["event"]
    assert MARKER not in said
    assert HIDDEN in said


def test_secrets_are_found_in_nested_values() -> None:
    event = {"variables": {"input": [{"account": "wang", "password": MARKER}]}}
    assert hide_secrets(None, "", event) == {"variables": {"input": [{"account": "wang", "password": HIDDEN}]}}


def test_bytes_and_bottomless_values_are_not_written() -> None:
    deep: dict[str, object] = {"a": MARKER}
    for _ in range(10):
        deep = {"a": deep}
    assert MARKER not in str(hide_secrets(None, "", {"deep": deep, "raw": MARKER.encode()}))


def test_what_is_harmless_stays() -> None:
    event = {
        "event": "order 订单 PO-7F3K-9Q submitted",
        "count": 3,
        "retried": False,
        "url": "https://example.org/a?b=c",
    }
    assert hide_secrets(None, "", dict(event)) == event


def test_an_exception_is_written_without_the_secret_in_it(written: StringIO) -> None:
    try:
        raise ConnectionError(f"postgresql://orders:{MARKER}@db/orders refused")
    except ConnectionError:
        structlog.get_logger("test").exception("database away")
    line = json.loads(written.getvalue())
    assert MARKER not in json.dumps(line)
    assert "ConnectionError" in line["exception"]


def test_a_librarys_line_goes_the_same_way(written: StringIO) -> None:
    logging.getLogger("some.library").warning("Bearer %s was refused", MARKER, extra={"token": MARKER})
    line = json.loads(written.getvalue())
    assert MARKER not in json.dumps(line)
    assert (line["level"], line["logger"]) == ("warning", "some.library")


def test_a_line_carries_its_request(written: StringIO) -> None:
    bind_request(trace_id="4bf92f35", company="0190")
    structlog.get_logger("test").info("order submitted")
    line = json.loads(written.getvalue())
    assert (line["trace_id"], line["company"], line["event"]) == ("4bf92f35", "0190", "order submitted")


def test_the_next_request_does_not_inherit_a_company(written: StringIO) -> None:
    bind_request(trace_id="1", company="0190")
    bind_request(trace_id="2")
    structlog.get_logger("test").info("landing page")
    assert "company" not in json.loads(written.getvalue())


def test_statements_with_their_values_are_never_written(written: StringIO) -> None:
    configure_logs(LogLevel.DEBUG, LogFormat.JSON, written)
    logging.getLogger("tortoise.db_client").debug("INSERT INTO member: %s", ["wang", MARKER])
    assert written.getvalue() == ""
