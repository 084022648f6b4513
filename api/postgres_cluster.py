"""One PostgreSQL cluster on disk and the server process that serves it: created whole or not at all, started, stopped."""

import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from api.postgres_binaries import Account, account_for, binaries

SUPERUSER = "dinghuo"

DURABLE = ("fsync=on", "full_page_writes=on", "synchronous_commit=on")
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off", "io_method=sync")

DISCREET = ("log_min_error_statement=panic", "log_error_verbosity=terse", "log_timezone=UTC")
"""Neither statements nor the values in them belong in a log file."""

LOG_LIMIT = 5_000_000
"""Bytes of server.log after which it becomes server.log.1."""


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot serve; the text says why and what to do, for the person at the terminal."""


@dataclass(kw_only=True)
class Cluster:
    """The folder `home/cluster` and at most one server process of ours on it."""

    home: Path
    sockets: Path
    durable: bool
    max_connections: int
    patience: float
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _leash: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def folder(self) -> Path:
        """Where PostgreSQL keeps its files."""
        return self.home / "cluster"

    @property
    def account(self) -> Account:
        """As whom the server runs."""
        return account_for(self.home)

    def exists(self) -> bool:
        """Whether the cluster was created completely."""
        return (self.folder / "PG_VERSION").exists()

    def create(self, password: str, database: str) -> None:
        """Make the cluster with one empty database; a crash in between leaves nothing that looks like a cluster."""
        self._check_name()
        unfinished = self.home / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.account.own(unfinished)
        self._initdb(unfinished, password)
        self._run("postgres", "--single", "-D", unfinished, "postgres", typed=f'CREATE DATABASE "{database}";\n')
        unfinished.rename(self.folder)

    def launch(self) -> None:
        """Start the server and wait until it answers; recovery after a crash may take its time."""
        deadline = time.monotonic() + self.patience
        while not self._launched(deadline):
            # Backends of a killed server notice its death within moments and still hold its memory until then.
            time.sleep(0.2)

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
        self._untie()
        if self.process is not None:
            _shut_down(psutil.Process(self.process.pid) if self.process.poll() is None else None)
            self.process.wait()
            self.process = None

    def stop_orphan(self) -> None:
        """Stop a server that outlived the app that started it, and clear away what the dead left behind.

        PostgreSQL trusts a process id in its lock files for as long as there is a process of that number, and that may be
        another one by now, or a zombie that nobody collects, as in a container.
        """
        pid = self.recorded_pid()
        if pid is not None and self.serves(pid):
            _shut_down(psutil.Process(pid))
        elif pid is not None and psutil.pid_exists(pid):
            (self.folder / "postmaster.pid").unlink()
        for left in self.sockets.glob(".s.PGSQL.*"):
            left.unlink()

    def recorded_pid(self) -> int | None:
        """The process id in postmaster.pid, alive or not."""
        lines = self._state()
        return int(lines[0]) if lines else None

    def serves(self, pid: int) -> bool:
        """Whether the process is a PostgreSQL server on this very folder."""
        try:
            words = psutil.Process(pid).cmdline()
        except psutil.Error:
            return False
        return bool(words) and Path(words[0]).name == "postgres" and str(self.folder) in words

    def is_ready(self) -> bool:
        """Whether a server of this folder says that it takes connections."""
        lines = self._state()
        return len(lines) > 7 and lines[7].strip() == "ready" and self.serves(int(lines[0]))

    def _launched(self, deadline: float) -> bool:
        log = self._open_log()
        begin = log.stat().st_size if log.exists() else 0
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                start_new_session=True,  # a Ctrl-C at the terminal is for the app, which then stops the server in order
                **self.account.drop,
            )
        while self.process.poll() is None and time.monotonic() < deadline:
            if self.is_ready():
                self._tie(self.process.pid)
                return True
            time.sleep(0.02)
        said = log.read_text(errors="replace")[begin:]
        self.stop()
        if "still in use" in said and time.monotonic() < deadline:
            return False
        raise EmbeddedPostgresError(f"The embedded PostgreSQL did not start. Its last words ({log}):\n{_tail(said)}")

    def _tie(self, server: int) -> None:
        """Let the server end with this process, even when that one is killed: its end closes the pipe this shell reads."""
        self._untie()
        wait = 'read -r _; kill -INT "$0"'
        command = ["/bin/sh", "-c", wait, str(server)]
        self._leash = subprocess.Popen(
            command, stdin=subprocess.PIPE, start_new_session=True, cwd="/", **self.account.drop
        )

    def _untie(self) -> None:
        if self._leash is not None:
            self._leash.kill()  # before its pipe closes: the number of a server that is gone may belong to somebody else
            self._leash.communicate()
            self._leash = None

    def _command(self) -> list[str]:
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            f"max_connections={self.max_connections}",
            "timezone=UTC",
            *DISCREET,
            *(DURABLE if self.durable else FAST),
        ]
        program = binaries(self.home, self.account) / "postgres"
        return [str(program), "-D", str(self.folder), *(word for line in settings for word in ("-c", line))]

    def _check_name(self) -> None:
        try:
            pwd.getpwuid(self.account.uid)
        except KeyError:
            raise EmbeddedPostgresError(
                f"User id {self.account.uid} has no name on this machine, and PostgreSQL creates no database for the nameless."
                " Give it one in /etc/passwd (in a container: run as a user of the image), or set DATABASE_URL."
            ) from None

    def _initdb(self, folder: Path, password: str) -> None:
        note = self.home / "password.unfinished"
        note.unlink(missing_ok=True)
        note.touch(mode=0o600)
        note.write_text(password)
        self.account.own(note)
        locale = ("-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        sync = () if self.durable else ("--no-sync",)
        try:
            self._run(
                "initdb", "-D", folder, "-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={note}", *locale, *sync
            )
        finally:
            note.unlink()

    def _run(self, program: str, *words: str | Path, typed: str = "") -> None:
        command = [binaries(self.home, self.account) / program, *words]
        done = subprocess.run(
            command, input=typed, capture_output=True, text=True, cwd="/", **self.account.drop, check=False
        )
        if done.returncode != 0:
            raise EmbeddedPostgresError(
                f"{program} failed while creating {self.folder}:\n{_tail(done.stdout + done.stderr)}"
            )

    def _open_log(self) -> Path:
        log = self.home / "server.log"
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(self.home / "server.log.1")
        return log

    def _state(self) -> list[str]:
        try:
            return (self.folder / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []


def _shut_down(server: psutil.Process | None) -> None:
    # SIGINT rolls open transactions back; SIGQUIT is the emergency stop, safe as well, with a recovery at the next start.
    for order, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        if server is None:
            return
        try:
            server.send_signal(order)
            server.wait(seconds)
            return
        except psutil.TimeoutExpired:
            continue
        except psutil.NoSuchProcess:
            return


def _tail(text: str, lines: int = 12) -> str:
    return "\n".join(text.strip().splitlines()[-lines:]) or "(nothing)"
