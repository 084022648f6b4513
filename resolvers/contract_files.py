"""A contract on paper, as the schema shows it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import strawberry

import models
from models.rows import related_rows
from resolvers.context import Context
from resolvers.ids import encode_id

PDF_PATH = "/contracts/{id}/contract.pdf"
_SHOWN = frozenset({"revision", "sha256", "size"})


@strawberry.type(description="The contract on paper: PDF/A-2b in Chinese and English, with the signatures made so far.")
class ContractPdf:
    """The newest revision of the file."""

    url: str = strawberry.field(description="Path on this server; to be fetched with the same `Authorization` header.")
    revision: int = strawberry.field(description="How many signatures it carries.")
    sha256: str | None = strawberry.field(
        description="SHA-256 of the file, in hex; null until it is first fetched or signed."
    )
    size: int | None = strawberry.field(description="Bytes in the file; null until it is first fetched or signed.")


async def pdfs_of(context: Context, parents: Sequence[Any]) -> list[ContractPdf]:
    """The newest file of each contract: printed when somebody wants it, so that there may be none yet."""
    newest = await related_rows(
        models.ContractFile,
        by="contract_id",
        ids=[parent.id for parent in parents],
        order_by=("-revision",),
        limit=1,
        columns=_SHOWN,
    )
    found = {file.contract_id: file for file in newest}
    return [_pdf(parent.id, found.get(parent.id)) for parent in parents]


def _pdf(contract_id: UUID, file: Any | None) -> ContractPdf:
    url = PDF_PATH.format(id=encode_id("Contract", contract_id))
    if file is None:
        return ContractPdf(url=url, revision=0, sha256=None, size=None)
    return ContractPdf(url=url, revision=file.revision, sha256=file.sha256, size=file.size)
