"""Several processes that serve on one socket and share its port."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from api.listening import SOCKET_VARIABLE

PAUSE = 1.0
"""Seconds before a worker that died is replaced, so that one that cannot start does not burn the machine."""


@dataclass
class Workers:
    """Several processes on one socket; one that dies is replaced, and all stop together."""

    count: int
    listening: socket.socket
    command: Sequence[str] = (sys.executable, "-m", "api.cli", "serve")
    _alive: list[subprocess.Popen[bytes]] = field(default_factory=list, init=False)
    _stopping: bool = field(default=False, init=False)

    def run(self, report: Callable[[str], object]) -> None:
        """Keep `count` workers alive until SIGTERM or SIGINT, then let each finish what is under way."""
        for order in (signal.SIGTERM, signal.SIGINT):
            signal.signal(order, self._stop)
        self._alive = [self._start() for _ in range(self.count)]
        while True:
            pid, status = os.wait()
            if self._stopping:
                break
            report(f"Worker {pid} ended with {os.waitstatus_to_exitcode(status)}; a new one takes its place.")
            time.sleep(PAUSE)
            self._alive = [worker for worker in self._alive if worker.pid != pid] + [self._start()]
        for worker in self._alive:
            worker.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        number = self.listening.fileno()
        environment = {**os.environ, SOCKET_VARIABLE: str(number)}
        # A session of its own: Ctrl-C reaches the workers once, through this process, and not twice.
        return subprocess.Popen(self.command, env=environment, pass_fds=[number], start_new_session=True)  # noqa: S603  # ourselves

    def _stop(self, order: int, frame: FrameType | None) -> None:
        self._stopping = True
        for worker in self._alive:
            worker.terminate()
