"""Contracts and framework agreements on paper: printed once, from their text alone, and kept. Nothing slow happens on the event loop
or in a transaction."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import UUID

from models import (
    AgreementFile,
    AgreementSignature,
    Contract,
    ContractFile,
    FrameworkAgreement,
    Signature,
)
from models.paper import PaperFile, SignatureOver
from rules.people import Actor
from rules.problems import NotFound
from services import clock
from services.partners import printer

T = TypeVar("T")
Document = Contract | FrameworkAgreement
D = TypeVar("D", Contract, FrameworkAgreement)
FILES: dict[type[Document], type[PaperFile]] = {Contract: ContractFile, FrameworkAgreement: AgreementFile}
SIGNATURES: dict[type[Document], type[SignatureOver]] = {Contract: Signature, FrameworkAgreement: AgreementSignature}
# Printing and signing take a core for some 0.1 s: more at once would only make everybody wait longer, requests included.
_THREADS = ThreadPoolExecutor(2, thread_name_prefix="paper")


async def pdf_of(actor: Actor, kind: type[D], document_id: UUID) -> tuple[D, PaperFile]:
    """A document that the actor may see, and the newest revision of its file."""
    document = await kind.visible_to(actor).get_or_none(id=document_id)
    if document is None:
        raise NotFound(kind.__name__, document_id)
    return document, await newest_file(document)


async def newest_file(document: Document) -> PaperFile:
    """The newest revision of a document's file; printed now where there is none. Of two who print at once both get the same."""
    files = FILES[type(document)]
    found = await files.newest(document.id)
    if found is None:
        content = await aside(lambda: printer().document(document.text))
        await files.holding(document.id, 0, content, clock.now()).written()
        found = await files.newest(document.id)
    if found is None:
        raise RuntimeError("a file that was just written is gone")
    return found


async def aside(work: Callable[[], T]) -> T:
    """The work's answer, worked out in a thread of its own."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work)
