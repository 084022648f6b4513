"""What the simulated providers keep in their folder: their keys, and what was done before they serve from it."""

import os
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from partners.payments.rsa import new_key
from partners.payments.simulator.bank import Trade
from partners.payments.simulator.office import Keys, Office
from rules.billing import PaymentMethod

if TYPE_CHECKING:
    from pydantic import TypeAdapter

MEMORY = "bank.json"


def kept(file: Path) -> str:
    """The key in the file; made when it is first asked for, and then always the same."""
    if not file.exists():
        write(file, new_key())
    return file.read_text()


def write(file: Path, text: str) -> None:
    """Put the text there whole, for nobody else to read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_suffix(f".{os.getpid()}")
    made.touch(0o600)
    made.write_text(text)
    made.replace(file)


def keys_in(folder: Path) -> Keys:
    """The providers' keys of this folder."""
    return Keys(kept(folder / "alipay.pem"), kept(folder / "wechat-pay.pem"))


@dataclass
class Memory:
    """What is kept of a bank's books."""

    trades: list[Trade]
    balances: list[tuple[PaymentMethod, str, Decimal]]


def recall(folder: Path, office: Office) -> None:
    """Let the office know what others did who remembered it, if anybody did."""
    if (file := folder / MEMORY).exists():
        memory = _form().validate_json(file.read_bytes())
        office.bank.recall(memory.trades, {(method, payee): much for method, payee, much in memory.balances})


def remember(folder: Path, office: Office) -> None:
    """Let whoever serves from the folder next know what was done at the office."""
    form = _form()
    with office.bank.lock:
        balances = [(*account, much) for account, much in office.bank.balances.items()]
        known = form.dump_json(Memory(list(office.bank), balances))
    write(folder / MEMORY, known.decode())


def _form() -> "TypeAdapter[Memory]":
    # Takes longer than all the rest of a simulator, and only a demo's has anything to recall.
    from pydantic import TypeAdapter

    return TypeAdapter(Memory)
