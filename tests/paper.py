"""Contracts are printed and signed in memory, at once; and for real where that is what a test is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from partners.documents.in_memory import PlainPrinter
from partners.documents.typst_printer import TypstPrinter
from partners.signing.certificates import Authority
from partners.signing.in_memory import MemorySigner
from partners.signing.pades import Pades
from services import clock, partners, vault

# What the wiring does for a server; a server in the same process brings its own, and the makers use those from then on.
partners.use_printer(PlainPrinter())
partners.use_signer(MemorySigner())
vault.use(vault.new_key())


@cache
def printer() -> TypstPrinter:
    """One for all tests: it reads its fonts once."""
    return TypstPrinter()


@contextmanager
def signing_for_real(signer: Pades | None = None) -> Iterator[Pades]:
    """Real partners while this lasts, with an authority of their own."""
    before = partners.printer(), partners.signer()
    real = signer or Pades(Authority.made(clock.now()))
    partners.use_printer(printer())
    partners.use_signer(real)
    try:
        yield real
    finally:
        partners.use_printer(before[0])
        partners.use_signer(before[1])
