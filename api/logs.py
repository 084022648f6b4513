"""The log: one line an event, with the request's trace id and company, and without a secret in it."""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from api.settings import LogFormat, LogLevel

HIDDEN = "[hidden]"

SECRET_NAME = re.compile(
    r"passw|secret|token|authori[sz]ation|cookie|api_?key|private_?key|signing_?key|credential|refresh", re.IGNORECASE
)
"""Names under which a value is never written, wherever they stand."""

SECRET_TEXT = re.compile(
    r"""
      (?P<scheme>\b(?:bearer|basic)\s+)[\w.~+/=-]+                    # Authorization: Bearer …
    | \beyJ[\w-]+\.[\w-]+\.[\w-]*                                     # a JSON web token
    | \b[pd]k_[\w-]{8,}                                               # an API key of ours
    | (?P<userinfo>://[^\s:/@]*:)[^\s@/]+(?=@)                        # the password in a URL
    | (?P<pair>["']?\b[\w-]*(?:passw(?:or)?d|secret|token|api_?key)["']?\s*[:=]\s*)(?:"[^"]*"|'[^']*'|[^\s,;&}"']+)
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Secrets inside a sentence, such as an exception's text."""

DEEPEST = 6
"""Levels of nested values that are looked through; what lies deeper is not written at all."""


def configure_logs(
    level: LogLevel = LogLevel.INFO, style: LogFormat = LogFormat.AUTO, stream: TextIO = sys.stderr
) -> None:
    """Send every log of the process, also those of libraries, through one chain to `stream`."""
    as_json = style is LogFormat.JSON or (style is LogFormat.AUTO and not stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        _plain,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        hide_secrets,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    line = structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else structlog.dev.ConsoleRenderer()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, line]
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Tortoise writes every statement with its values at debug level: personal data, and password hashes.
    logging.getLogger("tortoise").setLevel(logging.WARNING)


def hide_secrets(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """The event with every secret replaced, by the name it stands under or by its looks."""
    return {key: _cleaned(key, value, DEEPEST) for key, value in event.items()}


def _plain(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    event.pop("color_message", None)  # uvicorn says everything twice, once for terminals
    return event


def bind_request(*, trace_id: str, company: object = None) -> None:
    """Put the request's trace id, and the company it speaks for, on every line written from here on in this task."""
    found = {"trace_id": trace_id, "company": str(company) if company else None}
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**{key: value for key, value in found.items() if value})


def _cleaned(name: str, value: Any, deeper: int) -> Any:
    if SECRET_NAME.search(name) and not isinstance(value, bool) and value is not None:
        return HIDDEN
    if isinstance(value, str):
        return SECRET_TEXT.sub(_masked, value)
    if isinstance(value, bytes):
        return f"[{len(value)} bytes]"
    if deeper == 0 and isinstance(value, Mapping | list | tuple | set | frozenset):
        return HIDDEN
    if isinstance(value, Mapping):
        return {str(key): _cleaned(str(key), inner, deeper - 1) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cleaned("", inner, deeper - 1) for inner in value]
    return value if isinstance(value, int | float | None) else SECRET_TEXT.sub(_masked, str(value))


def _masked(found: re.Match[str]) -> str:
    return (found["scheme"] or found["userinfo"] or found["pair"] or "") + HIDDEN
