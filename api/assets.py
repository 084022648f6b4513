"""The built files of a page: compressed once, kept by browsers as long as their names promise."""

import gzip
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import Scope

_COMPRESSIBLE = {".css", ".html", ".js", ".json", ".svg", ".ttf"}


class BuiltPage(StaticFiles):
    """A folder that Vite built: `assets/*` carry a hash in their name and never change, everything else may."""

    def __init__(self, directory: PathLike, headers: Mapping[str, str]) -> None:
        super().__init__(directory=directory, html=True)
        self.headers = headers

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, gzipped for a client that accepts it."""
        response = await super().get_response(path, scope)
        if isinstance(response, FileResponse) and _wants_gzip(response, Headers(scope=scope)):
            response = await _gzipped(response)
        hashed = path.startswith("assets/")
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        response.headers["vary"] = "Accept-Encoding"
        response.headers.update(self.headers)
        return response


def _wants_gzip(response: FileResponse, asked: Headers) -> bool:
    # A byte range counts the bytes of the plain file, so such a request gets that one.
    accepted = "gzip" in asked.get("accept-encoding", "") and "range" not in asked
    return accepted and response.status_code == 200 and Path(response.path).suffix in _COMPRESSIBLE


async def _gzipped(plain: FileResponse) -> Response:
    body = await to_thread.run_sync(_compressed, str(plain.path), plain.headers["last-modified"])
    headers = {"content-encoding": "gzip", "etag": f"W/{plain.headers['etag']}"}
    return Response(body, media_type=plain.media_type, headers=headers)


@lru_cache(maxsize=128)
def _compressed(path: str, last_modified: str) -> bytes:
    """The file's gzip; last_modified is in the key so that a rebuild is noticed."""
    return gzip.compress(Path(path).read_bytes(), mtime=0)
