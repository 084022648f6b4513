"""Files in a bucket of Amazon S3, or of anything that speaks its protocol (MinIO, Ceph, Aliyun OSS, Tencent COS, …)."""

from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, BinaryIO, TypeVar
from urllib.parse import parse_qsl, urlsplit

import obstore
import structlog
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from partners.storage import MissingFile
from rules.problems import Unavailable

T = TypeVar("T")
log = structlog.get_logger(__name__)
PIECE = 256 * 1024
PART = 5 * 1024 * 1024
"""The smallest part of an upload in parts that Amazon takes."""

AT_ONCE = 2
"""Parts of one file under way together: ten MiB of memory."""

PATIENCE = timedelta(seconds=30)


@dataclass(frozen=True)
class Bucket:
    """Where the files lie, and how it is reached."""

    name: str
    prefix: str = ""
    region: str = "us-east-1"
    endpoint: str | None = None
    path_style: bool = True

    @classmethod
    def at(cls, url: str) -> "Bucket":
        """From `s3://bucket/prefix?region=…&endpoint=…&style=path|host`; ValueError names what is wrong with it."""
        parts = urlsplit(url)
        said = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        if (
            parts.scheme != "s3"
            or not parts.hostname
            or parts.username
            or said.keys() - {"region", "endpoint", "style"}
        ):
            raise ValueError("must look like s3://bucket/prefix?region=…&endpoint=…&style=path, without credentials")
        endpoint = said.get("endpoint")
        if said.get("style", "path") not in ("path", "host"):
            raise ValueError("style is either path or host")
        return cls(
            parts.netloc,
            parts.path.strip("/"),
            said.get("region", "us-east-1"),
            endpoint,
            # Amazon itself wants the bucket in the host's name, nearly everybody else in the path.
            said.get("style", "host" if endpoint is None else "path") == "path",
        )


class S3:
    """Signs each request (AWS Signature Version 4) with the credentials of the environment, unless they are given."""

    def __init__(self, bucket: Bucket, credentials: dict[str, str] | None = None, retries: int = 3) -> None:
        """`credentials`: access_key_id, secret_access_key and perhaps session_token."""
        config: Any = {"region": bucket.region, "virtual_hosted_style_request": not bucket.path_style}
        config.update({"endpoint": bucket.endpoint} if bucket.endpoint else {}, **(credentials or {}))
        insecure = bucket.endpoint is not None and bucket.endpoint.startswith("http://")
        self._store = S3Store(
            bucket.name,
            prefix=bucket.prefix or None,
            config=config,
            client_options={"timeout": PATIENCE, "connect_timeout": timedelta(seconds=5), "allow_http": insecure},
            retry_config={"max_retries": retries, "retry_timeout": PATIENCE},
        )

    async def put(self, key: str, file: BinaryIO) -> None:
        """A big file goes in parts, which become a file when the last one has arrived."""
        try:
            await _reached(lambda: obstore.put_async(self._store, key, file, chunk_size=PART, max_concurrency=AT_ONCE))
        except MissingFile as no_bucket:
            raise Unavailable(retry_after=30) from no_bucket

    async def get(self, key: str) -> AsyncIterator[bytes]:
        """The file in pieces."""
        found = await _reached(lambda: obstore.get_async(self._store, key))
        return _pieces(found.stream(min_chunk_size=PIECE))

    async def delete(self, key: str) -> None:
        """Gone, or was not there."""
        try:
            await _reached(lambda: obstore.delete_async(self._store, key))
        except MissingFile:
            return


async def _reached(ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
    try:
        return await ask()
    except (NotFoundError, FileNotFoundError) as error:
        raise MissingFile from error
    except (BaseError, OSError) as error:  # away, too slow, or it does not take our credentials
        log.warning("the storage did not answer", exc_info=True)
        raise Unavailable(retry_after=30) from error


async def _pieces(stream: Any) -> AsyncIterator[bytes]:
    async for piece in stream:
        yield bytes(piece)
