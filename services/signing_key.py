"""The key that access tokens are signed with."""

import json
from pathlib import Path

from joserfc.jwk import OKPKey

from services.key_files import kept_in

FILE = "token-key.json"


def signing_key_in(folder: Path) -> OKPKey:
    """The installation's Ed25519 key from `folder/token-key.json` (RFC 8037 JWK), made if there is none."""
    return OKPKey.import_key(json.loads(kept_in(folder / FILE, _new)))


def _new() -> bytes:
    key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "Ed25519"}, private=True, auto_kid=True)
    return json.dumps(key.as_dict(private=True)).encode()
