"""Serves the app on a socket, in this process."""

import socket

from api.app import create_app
from api.listening import address_of
from api.server import Server, configured
from api.settings import Settings


def serve_here(settings: Settings, database_url: str, listening: socket.socket) -> None:
    """Serve until told to stop by SIGTERM or SIGINT, then finish what is under way."""
    app = create_app(settings, database_url, address_of(listening))
    config = configured(app, loop="uvloop", http="httptools", lifespan="on")
    Server(config, app.state.live.close).run(sockets=[listening])
