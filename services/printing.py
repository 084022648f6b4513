"""Contracts on paper: printed once, from their text alone, and kept. Nothing slow happens on the event loop or in a transaction."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import UUID

from models import Contract, ContractFile
from rules.people import Actor
from rules.problems import NotFound
from services import clock
from services.partners import printer

T = TypeVar("T")
# Printing and signing take a core for some 0.1 s: more at once would only make everybody wait longer, requests included.
_THREADS = ThreadPoolExecutor(2, thread_name_prefix="paper")


async def contract_pdf(actor: Actor, contract_id: UUID) -> tuple[Contract, ContractFile]:
    """A contract that the actor may see, and the newest revision of its file."""
    contract = await Contract.visible_to(actor).get_or_none(id=contract_id)
    if contract is None:
        raise NotFound("Contract", contract_id)
    return contract, await newest_file(contract)


async def newest_file(contract: Contract) -> ContractFile:
    """The newest revision of a contract's file; printed now where there is none. Of two who print at once both get the same."""
    found = await ContractFile.newest(contract.id)
    if found is None:
        content = await aside(lambda: printer().contract(contract.text))
        await ContractFile.holding(contract.id, 0, content, clock.now()).written()
        found = await ContractFile.newest(contract.id)
    if found is None:
        raise RuntimeError("a file that was just written is gone")
    return found


async def aside(work: Callable[[], T]) -> T:
    """The work's answer, worked out in a thread of its own."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work)
