"""The key file that access tokens are signed with: made on the first start, readable by its owner alone."""

import json
import os
import secrets
from pathlib import Path

from joserfc.jwk import OKPKey

FILE = "token-key.json"
_OTHERS = 0o077


def signing_key_in(folder: Path) -> OKPKey:
    """The installation's Ed25519 key from `folder/token-key.json` (RFC 8037 JWK), made if there is none.

    Of two processes that start at once both get the same key. Raises PermissionError when others may read the file.
    """
    path = folder / FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _make(path)
    if path.stat().st_mode & _OTHERS:
        raise PermissionError(f"others may read the signing key {path}; run: chmod 600 {path}")
    return OKPKey.import_key(json.loads(path.read_text()))


def _make(path: Path) -> None:
    """Write a new key beside the path and link it there whole; whoever comes second keeps the first one's."""
    key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "Ed25519"}, private=True, auto_kid=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(key.as_dict(private=True), file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
