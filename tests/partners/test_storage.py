"""Both storages keep the same promises; the bucket's requests are signed as Amazon wants them."""

import io
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from partners.storage import MissingFile, Storage
from partners.storage.folder import Folder
from partners.storage.s3 import PART, S3
from partners.storage.s3 import Bucket as Address
from rules.problems import Unavailable
from tests.partners.s3_server import Bucket, serving, signature

BIG = os.urandom(2 * PART + 12_345)


@pytest.fixture
async def bucket() -> AsyncIterator[Bucket]:
    """A bucket behind a server of this test's own."""
    async with serving(Bucket()) as bucket:
        yield bucket


@pytest.fixture(params=["folder", "s3"])
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    """Each kind in turn."""
    if request.param == "folder":
        yield Folder(tmp_path / "files")
    else:
        async with serving(Bucket()) as bucket:
            yield S3(Address.at(bucket.url), bucket.credentials)


async def read(storage: Storage, key: str) -> list[bytes]:
    """The file's pieces."""
    return [piece async for piece in await storage.get(key)]


async def test_what_is_put_can_be_got_until_it_is_deleted(storage: Storage) -> None:
    await storage.put("attachments/7f/一", io.BytesIO("图纸".encode()))
    assert b"".join(await read(storage, "attachments/7f/一")) == "图纸".encode()
    await storage.put("attachments/7f/一", io.BytesIO(b"anew"))
    assert b"".join(await read(storage, "attachments/7f/一")) == b"anew"
    for _ in range(2):
        await storage.delete("attachments/7f/一")
    with pytest.raises(MissingFile):
        await storage.get("attachments/7f/一")


async def test_a_big_file_goes_and_comes_in_pieces(storage: Storage) -> None:
    await storage.put("big", io.BytesIO(BIG))
    pieces = await read(storage, "big")
    assert b"".join(pieces) == BIG
    assert len(pieces) > 2


async def test_a_file_is_put_from_where_it_stands(storage: Storage) -> None:
    file = io.BytesIO(b"skipped, kept")
    file.seek(9)
    await storage.put("part", file)
    assert b"".join(await read(storage, "part")) == b"kept"


async def test_a_bucket_s_objects_lie_under_its_prefix_and_come_by_parts(bucket: Bucket) -> None:
    await S3(Address.at(bucket.url), bucket.credentials).put("a/b", io.BytesIO(BIG))
    assert bucket.objects == {"kept/a/b": BIG}
    assert bucket.uploads == {}
    assert sum("partNumber" in asked for asked in bucket.asked) == 3


async def test_wrong_credentials_and_a_wrong_bucket_are_an_outage_and_leave_nothing(bucket: Bucket) -> None:
    """The caller can do nothing about either; the log tells the operator."""
    wrong = {**bucket.credentials, "secret_access_key": "another"}
    elsewhere = bucket.url.replace("goods", "nowhere")
    for url, credentials in ((bucket.url, wrong), (elsewhere, bucket.credentials)):
        storage = S3(Address.at(url), credentials, retries=0)
        with pytest.raises(Unavailable):
            await storage.put("a", io.BytesIO(b"1"))
    assert bucket.objects == {}
    with pytest.raises(Unavailable):
        await S3(Address.at(bucket.url), wrong, retries=0).get("a")


async def test_a_server_that_is_away_is_an_outage() -> None:
    async with serving(Bucket()) as gone:
        pass
    storage = S3(Address.at(gone.url), gone.credentials, retries=0)
    for ask in (storage.put("a", io.BytesIO(b"1")), storage.get("a"), storage.delete("a")):
        with pytest.raises(Unavailable):
            await ask


async def test_credentials_come_from_the_environment(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", bucket.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", bucket.secret_key)
    await S3(Address.at(bucket.url)).put("a", io.BytesIO(b"1"))
    assert bucket.objects == {"kept/a": b"1"}


def test_signatures_are_checked_as_amazon_documents_it() -> None:
    """The example "GET Object" of the documentation."""
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    signed = {
        "host": "examplebucket.s3.amazonaws.com",
        "range": "bytes=0-9",
        "x-amz-content-sha256": empty,
        "x-amz-date": "20130524T000000Z",
    }
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    found = signature(secret, "us-east-1", "GET", "/test.txt", "", signed, empty)
    assert found == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"


async def test_files_in_the_folder_are_their_owner_s_alone_and_never_half_there(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "files")
    await folder.put("a/b", io.BytesIO(b"1"))
    assert stat.S_IMODE((tmp_path / "files/a/b").stat().st_mode) == 0o600
    with pytest.raises(Unavailable):
        await folder.put("a", io.BytesIO(b"a folder is in the way"))
    assert [path.name for path in (tmp_path / "files").rglob("*")] == ["a", "b"]


async def test_no_key_leads_out_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="leads out"):
        await Folder(tmp_path / "files").get("../secret")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("s3://goods", Address("goods", path_style=False)),
        ("s3://goods/a/b/?region=cn-north-1", Address("goods", "a/b", "cn-north-1", path_style=False)),
        ("s3://goods?endpoint=http://minio:9000", Address("goods", endpoint="http://minio:9000")),
        (
            "s3://goods?endpoint=https://oss.example&style=host",
            Address("goods", endpoint="https://oss.example", path_style=False),
        ),
    ],
)
def test_a_bucket_is_named_by_one_address(url: str, address: Address) -> None:
    assert Address.at(url) == address


@pytest.mark.parametrize(
    "url", ["s3://", "s3://key:secret@goods", "s3://goods?regoin=x", "s3://goods?style=wild", "http://x"]
)
def test_a_wrong_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"s3://bucket|style"):
        Address.at(url)
