"""The partners in use; the wiring, which alone knows concrete ones, says which."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from partners.carriers import Carrier
from partners.documents import Printer
from partners.payments import PaymentProvider, StatementSource
from partners.signing import Signer
from partners.storage import Storage
from rules.billing import PaymentMethod
from rules.carriers import CarrierProvider

_signer: list[Signer] = []
_printer: list[Printer] = []
_storage: list[Storage] = []
_carriers: list[Carrier] = []
_providers: list[PaymentProvider] = []
_statements: list[StatementSource] = []
_address: list[str] = []


def use_signer(signer: Signer) -> None:
    """Let documents be signed by this one from now on."""
    _signer[:] = [signer]


def signer() -> Signer:
    """Who signs documents."""
    if not _signer:
        raise RuntimeError("no signer was wired")
    return _signer[0]


def use_printer(printer: Printer) -> None:
    """Let documents be printed by this one from now on."""
    _printer[:] = [printer]


def printer() -> Printer:
    """Who prints documents."""
    if not _printer:
        raise RuntimeError("no printer was wired")
    return _printer[0]


def use_storage(storage: Storage) -> None:
    """Let files be kept here from now on."""
    _storage[:] = [storage]


def storage() -> Storage:
    """Where files are kept."""
    if not _storage:
        raise RuntimeError("no storage was wired")
    return _storage[0]


def use_carriers(carriers: Iterable[Carrier]) -> None:
    """Let these senders' pushes be understood from now on."""
    _carriers[:] = carriers


def carrier(provider: CarrierProvider) -> Carrier:
    """The rules of a sender of pushes."""
    for known in _carriers:
        if known.provider is provider:
            return known
    raise RuntimeError(f"no carrier was wired for {provider}")


def use_payment_providers(providers: Iterable[PaymentProvider]) -> None:
    """Let these take money from now on."""
    _providers[:] = providers


def payment_provider(method: PaymentMethod) -> PaymentProvider:
    """The rules of whoever takes money this way."""
    for known in _providers:
        if known.method is method:
            return known
    raise RuntimeError(f"no provider was wired for {method}")


def use_statement_sources(sources: Iterable[StatementSource]) -> None:
    """Let the statements of those who take money come from these from now on."""
    _statements[:] = sources


def statement_source(method: PaymentMethod) -> StatementSource:
    """Where the statements of money taken this way come from."""
    for known in _statements:
        if known.method is method:
            return known
    raise RuntimeError(f"no statements were wired for {method}")


def use_public_address(address: str | None) -> None:
    """Let partners reach this server here from now on, such as https://orders.example.com."""
    _address[:] = [address.rstrip("/")] if address else []


def public_address() -> str | None:
    """Where partners reach this server; None where nobody has said."""
    return _address[0] if _address else None


@contextmanager
def for_a_while() -> Iterator[None]:
    """Whoever is put to use within, those before are in use again afterwards."""
    shelves: tuple[list[object], ...] = (_signer, _printer, _storage, _carriers, _providers, _statements, _address)  # type: ignore[assignment]
    before = [list(shelf) for shelf in shelves]
    try:
        yield
    finally:
        for shelf, kept in zip(shelves, before, strict=True):
            shelf[:] = kept
