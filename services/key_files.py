"""Key files: made on the first start, readable by their owner alone, and the same for all who start at once."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

_OTHERS = 0o077


def kept_in(path: Path, make: Callable[[], bytes]) -> bytes:
    """What the file holds; what `make` gives where there is none. Raises PermissionError when others may read it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_once(path, make())
    if path.stat().st_mode & _OTHERS:
        raise PermissionError(f"others may read the signing key {path}; run: chmod 600 {path}")
    return path.read_bytes()


def _write_once(path: Path, content: bytes) -> None:
    """Write a draft beside the path and link it there whole; whoever comes second keeps what the first one wrote."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
