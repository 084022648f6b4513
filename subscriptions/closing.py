"""Why the server closes a websocket, as close codes that clients can act on."""

from enum import IntEnum


class CloseCode(IntEnum):
    """The codes of graphql-transport-ws, and ours from 4430 on.

    After 1001, 1012, 1013, 4432 and 4434 a client connects again and resumes after the last cursor it saw; after the others
    something has to change first.
    """

    GOING_AWAY = 1001
    TOO_BIG = 1009
    INTERNAL = 1011
    TRY_AGAIN_LATER = 1013
    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    SUBPROTOCOL_NOT_ACCEPTABLE = 4406
    INITIALISATION_TIMEOUT = 4408
    SUBSCRIBER_ALREADY_EXISTS = 4409
    TOO_MANY_INITIALISATIONS = 4429
    TOO_MANY_OPERATIONS = 4430
    TOO_MANY_MESSAGES = 4431
    NOT_READING = 4432
    TOO_MANY_SOCKETS = 4433
    SILENT = 4434


class Close(Exception):
    """The connection has to end, with this code and reason."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        # RFC 6455: a control frame carries at most 125 bytes, two of them the code.
        self.reason = reason.encode()[:123].decode(errors="ignore")


class Disconnected(Exception):
    """The peer is gone."""
