"""From where a browser may ask."""

from collections.abc import Collection
from urllib.parse import urlsplit


def is_allowed_origin(origins: list[str], host: str | None, allowed: Collection[str]) -> bool:
    """Whether a request with these Origin headers may come in: none (no browser), the same host, or one that is allowed."""
    if not origins:
        return True
    if len(origins) > 1:
        return False
    origin = origins[0].lower()
    if origin in allowed:
        return True
    try:
        return bool(host) and urlsplit(origin).netloc == str(host).lower()
    except ValueError:  # not an address at all
        return False
