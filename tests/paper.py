"""Contracts are printed and signed in memory, at once; and for real where that is what a test is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from partners.carriers.aftership import AfterShip
from partners.carriers.easypost import EasyPost
from partners.carriers.kuaidi100 import Kuaidi100
from partners.carriers.own_fleet import OwnFleet
from partners.carriers.seventeen_track import SeventeenTrack
from partners.documents.in_memory import PlainPrinter
from partners.documents.typst_printer import TypstPrinter
from partners.signing.certificates import Authority
from partners.signing.in_memory import MemorySigner
from partners.signing.pades import Pades
from services import clock, partners, vault

# What the wiring does for a server; a server in the same process brings its own for as long as it lives.
partners.use_printer(PlainPrinter())
partners.use_signer(MemorySigner())
partners.use_carriers((Kuaidi100(), SeventeenTrack(), AfterShip(), EasyPost(), OwnFleet()))
vault.use(vault.new_key())


@cache
def printer() -> TypstPrinter:
    """One for all tests: it reads its fonts once."""
    return TypstPrinter()


@contextmanager
def signing_for_real(signer: Pades | None = None) -> Iterator[Pades]:
    """Real partners while this lasts, with an authority of their own."""
    real = signer or Pades(Authority.made(clock.now()))
    with partners.for_a_while():
        partners.use_printer(printer())
        partners.use_signer(real)
        yield real
