"""The partners in use; the wiring, which alone knows concrete ones, says which."""

from partners.documents import Printer
from partners.signing import Signer

_signer: list[Signer] = []
_printer: list[Printer] = []


def use_signer(signer: Signer) -> None:
    """Let contracts be signed by this one from now on."""
    _signer[:] = [signer]


def signer() -> Signer:
    """Who signs contracts."""
    if not _signer:
        raise RuntimeError("no signer was wired")
    return _signer[0]


def use_printer(printer: Printer) -> None:
    """Let contracts be printed by this one from now on."""
    _printer[:] = [printer]


def printer() -> Printer:
    """Who prints contracts."""
    if not _printer:
        raise RuntimeError("no printer was wired")
    return _printer[0]
