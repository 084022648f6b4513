"""The address that requests come to."""

import os
import socket

BACKLOG = 2048
SOCKET_VARIABLE = "DINGHUO_INHERITED_SOCKET"
"""Tells a worker the number of the listening socket that its parent opened."""


class PortTaken(Exception):
    """Nothing can be served at the wanted address; the text says why."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises PortTaken with a sentence for people."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise PortTaken(
            f"Cannot listen on {host} port {port}: {error.strerror}. Choose another with --port or DINGHUO_PORT."
        ) from error


def inherited() -> socket.socket | None:
    """The listening socket that the parent handed over, in a worker; else None."""
    number = os.environ.pop(SOCKET_VARIABLE, None)
    return socket.socket(fileno=int(number)) if number else None


def address_of(listening: socket.socket) -> str:
    """Where this machine reaches what listens there; what listens on every network also does on the machine's own."""
    host, port = listening.getsockname()[:2]
    own = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # told apart, not listened on
    return f"http://[{own}]:{port}" if ":" in own else f"http://{own}:{port}"
