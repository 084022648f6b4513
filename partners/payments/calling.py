"""How providers are called: with patience that ends, no redirects, and answers of bounded length."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import aiohttp

from partners.payments import PATIENCE, Unsure

LARGEST = 256 * 1024
"""Bytes of an answer; real ones have some hundreds."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: bytes
    headers: Mapping[str, str]


Call = Callable[[str, str, bytes, Mapping[str, str]], Awaitable[Reply]]
"""Method, URL, body and headers; raises Unsure where no reply came."""


async def call(method: str, url: str, body: bytes, headers: Mapping[str, str], patience: int = PATIENCE) -> Reply:
    """The provider's reply; Unsure where none came in time."""
    limit = aiohttp.ClientTimeout(total=patience)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.request(method, url, data=body or None, headers=headers, allow_redirects=False) as reply,
        ):
            content = await reply.content.read(LARGEST + 1)
            while len(content) <= LARGEST and (more := await reply.content.read(LARGEST)):
                content += more
            status, known = reply.status, {name.lower(): value for name, value in reply.headers.items()}
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as trouble:
        raise Unsure(f"no answer: {type(trouble).__name__}") from trouble
    if len(content) > LARGEST:
        raise Unsure("an endless answer")
    return Reply(status, content, known)
