"""A small S3 on a free port: buckets in memory, and each request's signature checked by Amazon's own rules, not by the library's.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

import asyncio
import hashlib
import hmac
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_CREDENTIAL = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})"
)


@dataclass
class Bucket:
    """Objects by their keys, and uploads in parts that are not complete."""

    name: str = "goods"
    access_key: str = "AKIDEXAMPLE"
    secret_key: str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    objects: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """As the setting names it."""
        return f"s3://{self.name}/kept?region=cn-north-1&endpoint=http://127.0.0.1:{self.port}"

    @property
    def credentials(self) -> dict[str, str]:
        """What a client needs."""
        return {"access_key_id": self.access_key, "secret_access_key": self.secret_key}

    async def answer(self, request: Request) -> Response:
        """One request, if its signature is right."""
        body = await request.body()
        self.asked.append(f"{request.method} {request.url.path}?{request.url.query}")
        if not self._is_signed(request, body):
            return _error(403, "SignatureDoesNotMatch")
        bucket, _, key = unquote(request.url.path).lstrip("/").partition("/")
        if bucket != self.name:
            return _error(404, "NoSuchBucket")
        return self._do(request, key, body)

    def _is_signed(self, request: Request, body: bytes) -> bool:
        said = _CREDENTIAL.fullmatch(request.headers.get("authorization", ""))
        digest = request.headers.get("x-amz-content-sha256", "")
        if said is None or said[1] != self.access_key or digest != hashlib.sha256(body).hexdigest():
            return False
        expected = signature(
            self.secret_key,
            said[3],
            request.method,
            request.scope["raw_path"].decode(),
            request.url.query,
            {name: request.headers[name] for name in said[4].split(";")},
            digest,
        )
        return hmac.compare_digest(expected, said[5])

    def _do(self, request: Request, key: str, body: bytes) -> Response:
        query = request.query_params
        match request.method:
            case "POST" if "uploads" in query:
                upload = f"upload-{len(self.uploads)}"
                self.uploads[upload] = {}
                return _xml(
                    f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
                )
            case "PUT" if "uploadId" in query:
                self.uploads[query["uploadId"]][int(query["partNumber"])] = body
                return Response(headers={"etag": f'"{hashlib.md5(body).hexdigest()}"'})  # noqa: S324  # as Amazon does
            case "POST" if "uploadId" in query:
                parts = self.uploads.pop(query["uploadId"])
                self.objects[key] = b"".join(parts[number] for number in sorted(parts))
                return _xml("<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>")
            case "DELETE" if "uploadId" in query:
                self.uploads.pop(query["uploadId"], None)
                return Response(status_code=204)
            case "POST" if "delete" in query:
                gone = re.findall(r"<Key>([^<]+)</Key>", body.decode())
                for one in gone:
                    self.objects.pop(one, None)
                return _xml(
                    f"<DeleteResult>{''.join(f'<Deleted><Key>{one}</Key></Deleted>' for one in gone)}</DeleteResult>"
                )
            case "PUT":
                self.objects[key] = body
                return Response(headers={"etag": '"x"'})
            case _:
                return self._read(key)

    def _read(self, key: str) -> Response:
        if key not in self.objects:
            return _error(404, "NoSuchKey")
        headers = {"etag": '"x"', "last-modified": "Wed, 25 Nov 2026 08:00:00 GMT"}
        return Response(self.objects[key], headers=headers)


def signature(
    secret: str, region: str, method: str, path: str, query: str, signed: Mapping[str, str], digest: str
) -> str:
    """What the request's signature has to be; the path as it was sent, the headers those that are signed."""
    moment = signed["x-amz-date"]
    scope = f"{moment[:8]}/{region}/s3/aws4_request"
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in parse_qsl(query, True))
    canonical = "\n".join(
        (
            method,
            quote(unquote(path), safe="/-_.~"),
            "&".join(f"{name}={value}" for name, value in pairs),
            *(f"{name}:{' '.join(signed[name].split())}" for name in sorted(signed)),
            "",
            ";".join(sorted(signed)),
            digest,
        )
    )
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


@asynccontextmanager
async def serving(bucket: Bucket) -> AsyncIterator[Bucket]:
    """The bucket behind a real server, until the end of the block."""
    methods = ["GET", "HEAD", "PUT", "POST", "DELETE"]
    app = Starlette(routes=[Route("/{path:path}", bucket.answer, methods=methods)])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, lifespan="off", log_config=None))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    bucket.port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield bucket
    finally:
        server.should_exit = True
        await task


def _xml(text: str) -> Response:
    return Response(text, media_type="application/xml")


def _error(status: int, code: str) -> Response:
    return Response(f"<Error><Code>{code}</Code></Error>", status, media_type="application/xml")
