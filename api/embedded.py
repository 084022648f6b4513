"""The app's own PostgreSQL: the real server from pip, kept in one folder, started and stopped with the app (decision 0001)."""

import fcntl
import hashlib
import os
import secrets
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from api.postgres_binaries import account_for
from api.postgres_cluster import SUPERUSER, Cluster, EmbeddedPostgresError
from api.settings import Settings

DATABASE = "dinghuo"

ELSEWHERE = Path("/var/lib/dinghuo")
"""Where root keeps a cluster whose wanted folder the server's account cannot reach (say, below /root)."""

LONGEST_SOCKET = 90
"""Bytes; the system allows 107 for a socket's whole path, the file name included."""


@dataclass(kw_only=True)
class EmbeddedPostgres:
    """One PostgreSQL cluster in one folder, kept by one process at a time.

    It listens on a socket in its folder and on no TCP port, behind a random password. `durable=False` gives up safety for speed
    and is for tests. `patience`: seconds a start may take, crash recovery included.
    """

    home: Path
    durable: bool = True
    max_connections: int = 100
    patience: float = 60.0
    _lock: int | None = field(default=None, init=False)
    _leaving: threading.Event = field(default_factory=threading.Event, init=False)
    _guardian: threading.Thread | None = field(default=None, init=False)
    _cluster: Cluster | None = field(default=None, init=False)

    def start(self) -> str:
        """Start the server, creating the cluster the first time, and give its URL; mends what a crash left behind.

        Raises EmbeddedPostgresError, among others when another process keeps this folder.
        """
        self._prepare_folder()
        self._claim()
        try:
            self._serve()
        except BaseException:
            self.stop()
            raise
        self._guardian = threading.Thread(target=self._guard, name="embedded-postgres", daemon=True)
        self._guardian.start()
        return self.url

    def stop(self) -> None:
        """Stop the server and let go of the folder; harmless when not running."""
        self._leaving.set()
        if self._lock is None:
            return
        if self._guardian is not None:
            # It may be starting a dead server again at this moment, which would outlive us unseen.
            self._guardian.join()
            self._guardian = None
        self.cluster.stop()
        os.close(self._lock)
        self._lock = None

    def running_url(self) -> str | None:
        """The URL of the server that another process keeps in this folder at the moment, or None."""
        return self.url if self.home.exists() and self.cluster.is_ready() else None

    @property
    def url(self) -> str:
        """The libpq URL of the app's database."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """The libpq URL of any database of this cluster."""
        password = (self._place / "password").read_text().strip()
        return f"postgresql://{SUPERUSER}:{password}@/{database}?host={quote(str(self._sockets))}"

    @property
    def cluster(self) -> Cluster:
        """The files and the server process."""
        if self._cluster is None:
            self._cluster = Cluster(
                home=self._place,
                sockets=self._sockets,
                durable=self.durable,
                max_connections=self.max_connections,
                patience=self.patience,
            )
        return self._cluster

    def _serve(self) -> None:
        self._leaving.clear()
        self.cluster.stop_orphan()
        self._prepare_sockets()
        if not self.cluster.exists():
            self.cluster.create(self._password(), DATABASE)
        self.cluster.launch()

    def _guard(self) -> None:
        """Start the server again when it dies while the app lives: requests fail for a moment, not for ever."""
        while not self._leaving.wait(0.5):
            process = self.cluster.process
            if process is None or process.poll() is None:
                continue
            try:
                self.cluster.launch()
            except (EmbeddedPostgresError, OSError):
                continue  # its log says why; the next round tries again

    # -- the folder ------------------------------------------------------------------------------------------------------

    @property
    def _place(self) -> Path:
        return self.home.resolve()

    @property
    def _sockets(self) -> Path:
        beside = self._place / "socket"
        if len(os.fsencode(beside)) <= LONGEST_SOCKET and not set(str(beside)) & set(',"'):
            return beside
        return Path(tempfile.gettempdir()) / f"dinghuo-{_digest(self._place)}"

    def _prepare_folder(self) -> None:
        wanted = Path(os.path.abspath(self.home))
        wanted.parent.mkdir(parents=True, exist_ok=True)
        if not wanted.exists() and not account_for(wanted).reaches(wanted):
            (ELSEWHERE / _digest(wanted)).mkdir(parents=True, exist_ok=True)
            wanted.symlink_to(ELSEWHERE / _digest(wanted))
        wanted.mkdir(exist_ok=True)
        owner = self._place.stat().st_uid
        if os.geteuid() not in (0, owner):
            raise EmbeddedPostgresError(
                f"The database folder {self.home} belongs to another user (id {owner}). Run as that user, choose another folder"
                " with DINGHUO_DATA_DIR, or use your own server with DATABASE_URL."
            )
        self._place.chmod(0o711)

    def _prepare_sockets(self) -> None:
        account = self.cluster.account
        self._sockets.mkdir(mode=0o700, exist_ok=True)
        if self._sockets.stat().st_uid not in (os.geteuid(), account.uid):
            raise EmbeddedPostgresError(f"{self._sockets} belongs to somebody else; remove it and start again.")
        account.own(self._sockets)

    def _claim(self) -> None:
        lock = os.open(self._place / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # The system drops this lock with its owner, however that one dies; a file with a process id would stay.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(lock, 20).decode().strip() or "unknown"
            os.close(lock)
            raise EmbeddedPostgresError(
                f"Another dinghuo (process {owner}) is using the database in {self.home}. Stop that one first, or give this one"
                " a folder of its own with DINGHUO_DATA_DIR, or a server with DATABASE_URL."
            ) from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        self._lock = lock

    def _password(self) -> str:
        path = self._place / "password"
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24))
        return path.read_text()


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


@contextmanager
def provided(settings: Settings, *, shared: bool = False) -> Iterator[str]:
    """The URL of a running database: the one named by the settings, else the embedded one, started for this long.

    With `shared`, an embedded one that another dinghuo keeps running is used as it is; without, that one is refused.
    """
    if settings.database_url:
        yield settings.database_url
        return
    server = EmbeddedPostgres(home=settings.data_dir / "postgres")
    running = server.running_url() if shared else None
    if running:
        yield running
        return
    url = server.start()
    try:
        yield url
    finally:
        server.stop()
