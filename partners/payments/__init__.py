"""Who takes money for a supplier: what a provider tells is verified over the bytes as they came, and read into one vocabulary."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Protocol, TypeVar

from rules.billing import PaymentMethod
from rules.rails import News, PaymentFlow, Refunded, Refusal
from rules.reconciliation import StatementEntry

T = TypeVar("T")
File = IO[bytes]
PATIENCE = 5
"""Seconds a provider may take to answer; what it did after that is asked for, never guessed."""

# Signing takes a core for some milliseconds: threads of its own, so that nobody waits behind a PDF.
_THREADS = ThreadPoolExecutor(2, thread_name_prefix="payments")


async def aside(work: Callable[[], T]) -> T:
    """The work's answer, worked out in a thread of its own."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work)


class Forged(Exception):
    """The notice is not believed; it was not signed by the provider, or not now, or is not what the provider documents."""

    def __init__(self, reason: Refusal, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


class Unsure(Exception):
    """Nobody knows what the provider did: it did not answer, or not so that it could be believed."""


class Declined(Exception):
    """The provider said no; its own code and words."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(f"{code} {words}".strip())
        self.code = code


class Unfit(Declined, ValueError):
    """A merchant's account that could not work, so that nobody is asked: which of its facts, and what is wrong with it."""

    def __init__(self, fact: str, fault: str) -> None:
        super().__init__(fact, fault)
        self.fact, self.fault = fact, fault


@dataclass(frozen=True)
class Notice:
    """A request as it came; the names of headers are in lower case."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What the provider expects to hear."""

    status: int
    body: bytes
    media_type: str


@dataclass(frozen=True)
class Merchant:
    """A supplier's account with a provider, and what either signs with. Keys are RSA, in PEM or the base64 inside of it."""

    app_id: str
    payee: str
    """Whom the money goes to: Alipay's seller_id, WeChat Pay's mchid."""
    private_key: str = field(repr=False)
    provider_keys: Mapping[str, str] = field(repr=False)
    """The provider's public keys or certificates, by the name it gives them; Alipay's single key has the empty name."""
    certificate_serial: str = ""
    """Of the merchant's certificate: WeChat Pay finds our key by it."""
    secret: str = field(default="", repr=False)
    """WeChat Pay's APIv3 key."""
    is_sandbox: bool = False
    certificate: str = ""
    """The merchant's own, in PEM: turns on Alipay's certificate mode, where the provider's keys are certificates."""
    root_certificates: str = ""
    """Alipay's, in PEM, in one text."""


@dataclass(frozen=True)
class Bill:
    """What somebody is to pay."""

    number: str
    subject: str
    amount: Decimal
    flow: PaymentFlow
    notify_url: str
    expires_at: datetime
    payer_address: str = "127.0.0.1"
    is_to_split: bool = False
    """Whether the provider is to hold the money until it was told how to split it."""
    payer_openid: str = field(default="", repr=False)
    """Who will pay, where the flow is JSAPI: WeChat's openid."""


@dataclass(frozen=True)
class RefundWish:
    """So much of a payment is to go back; the same number again asks for the same refund."""

    number: str
    payment_number: str
    amount: Decimal
    total: Decimal
    reason: str
    notify_url: str


@dataclass(frozen=True)
class SplitWish:
    """Of a payment so much goes to another account with the same provider, and the rest is free for the supplier."""

    number: str
    """Ours: at most 32 letters, digits and underscores, which both providers take."""
    payment_number: str
    transaction_id: str
    receiver: str
    """The platform's payee: Alipay's PID, WeChat Pay's mchid."""
    amount: Decimal
    description: str


@dataclass(frozen=True)
class SplitReturn:
    """So much of what a split gave away comes back to the supplier, before it is refunded to the payer."""

    number: str
    split_number: str
    payment_number: str
    transaction_id: str
    receiver: str
    amount: Decimal
    description: str
    flow: PaymentFlow
    """How it was paid: of a scanned code's payment Alipay takes the share back by itself, with the refund."""


@dataclass(frozen=True)
class Split:
    """What became of a split, or of its return; None of `has_succeeded` while nobody knows: then ask again, under the same number."""

    number: str
    amount: Decimal
    has_succeeded: bool | None
    reason: str = ""
    """The provider's own code where it failed, such as that the receiver has not the money to give back."""
    is_final: bool = False
    """Whether the provider has closed a number that failed: who tries again takes a new one, and otherwise the same."""


class PaymentProvider(Protocol):
    """The documented rules of one provider. Whatever calls it raises Unsure or Declined; asking for the same again, under the same
    number, asks for nothing twice, and tells how it stands."""

    method: PaymentMethod
    accepted: Answer
    refused: Answer
    later: Answer

    def check(self, merchant: Merchant) -> None:
        """Raise Unfit where no such account could work."""

    def read(self, notice: Notice, merchant: Merchant, now: datetime) -> News:
        """What a notice tells, once it is proven to be the provider's; raises Forged."""

    async def start(self, bill: Bill, merchant: Merchant, now: datetime) -> str:
        """What the payer is given: the text of a code, a page's URL, or what an app or a page's bridge is called with."""

    async def query(self, number: str, merchant: Merchant, now: datetime) -> News | None:
        """What the provider knows of a payment; None where it does not know it, such as of a code nobody scanned."""

    async def close(self, number: str, merchant: Merchant, now: datetime) -> None:
        """Nobody can pay it any more; Declined where it is paid."""

    async def refund(self, wish: RefundWish, merchant: Merchant, now: datetime) -> Refunded:
        """What becomes of a refund; asking again asks for no second one."""

    async def admit(self, receiver: str, name: str, merchant: Merchant, now: datetime) -> None:
        """Let the supplier's account give to this receiver; nothing happens where it may already."""

    async def split(self, wish: SplitWish, merchant: Merchant, now: datetime) -> Split:
        """Give the receiver its share, and let the supplier have the rest; a share of nothing just lets it have everything.

        Declined where the provider refuses it as it is asked for: too much, a receiver that was not admitted, not to be split."""

    async def take_back(self, wish: SplitReturn, merchant: Merchant, now: datetime) -> Split:
        """Take so much of a split back from its receiver."""


class NotYet(Exception):
    """The provider has no statement of that day: not yet, or because nothing happened on it. It does not say which."""


class Illegible(Exception):
    """What came is not the statement that the provider announced, or not what it documents."""


class StatementSource(Protocol):
    """The statements of one provider."""

    method: PaymentMethod

    async def fetch(self, day: date, merchant: Merchant, now: datetime, into: File) -> None:
        """Write the day's statement into the file, unpacked; raises NotYet, Illegible, Unsure or Declined."""

    def entries(self, file: File) -> Iterator[StatementEntry]:
        """What the statement says, from where the file stands; Illegible at its end at the latest where it is not whole."""
