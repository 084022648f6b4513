"""Documents on paper, as the schema shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import strawberry

import models
from models.paper import PaperFile
from models.rows import related_rows
from resolvers.context import Context
from resolvers.ids import encode_id
from resolvers.links import link

CONTRACT_PATH, AGREEMENT_PATH = "/contracts/{id}/contract.pdf", "/agreements/{id}/agreement.pdf"
_SHOWN = frozenset({"revision", "sha256", "size"})


@strawberry.type
class Pdf:
    """The newest revision of a file."""

    url: str = strawberry.field(description="Path on this server; to be fetched with the same `Authorization` header.")
    download_url: str | None = strawberry.field(
        description="The same for a browser, for five minutes; null for machines, which send their key to `url`, and in events, "
        "which many read."
    )
    revision: int = strawberry.field(description="How many signatures it carries.")
    sha256: str | None = strawberry.field(
        description="SHA-256 of the file, in hex; null until it is first fetched or signed."
    )
    size: int | None = strawberry.field(description="Bytes in the file; null until it is first fetched or signed.")


@strawberry.type(description="The contract on paper: PDF/A-2b in Chinese and English, with the signatures made so far.")
class ContractPdf(Pdf):
    """A contract."""


@strawberry.type(
    description="The framework agreement on paper: PDF/A-2b in Chinese and English, with the signatures made so far."
)
class AgreementPdf(Pdf):
    """A framework agreement."""


P = TypeVar("P", ContractPdf, AgreementPdf)


@dataclass(frozen=True)
class Printed(Generic[P]):
    """A relation: the newest file of each document, printed when somebody wants it, so that there may be none yet."""

    kind: str
    path: str
    files: type[PaperFile]
    shown: type[P]

    async def __call__(self, context: Context, parents: Sequence[Any]) -> list[P]:
        """One for each document."""
        newest = await related_rows(
            self.files,
            by=self.files.DOCUMENT,
            ids=[parent.id for parent in parents],
            order_by=("-revision",),
            limit=1,
            columns=_SHOWN,
        )
        found = {getattr(file, self.files.DOCUMENT): file for file in newest}
        return [self._pdf(context, parent.id, found.get(parent.id)) for parent in parents]

    def _pdf(self, context: Context, document_id: UUID, file: Any | None) -> P:
        return self.shown(
            url=self.path.format(id=encode_id(self.kind, document_id)),
            download_url=link(context, self.path, self.kind, document_id),
            revision=file.revision if file else 0,
            sha256=file.sha256 if file else None,
            size=file.size if file else None,
        )


contract_pdfs = Printed("Contract", CONTRACT_PATH, models.ContractFile, ContractPdf)
agreement_pdfs = Printed("FrameworkAgreement", AGREEMENT_PATH, models.AgreementFile, AgreementPdf)
