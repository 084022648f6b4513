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
