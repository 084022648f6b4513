"""Suppliers' accounts with payment providers, and what these wrote that was refused."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.types import Info

import models
import resolvers.billing_enums  # noqa: F401  # describes the enums below
from resolvers.companies import Company
from resolvers.context import Context
from resolvers.enums import described
from resolvers.ids import encode_id
from resolvers.inputs import PAGE_DEFAULT, Items, Text, check
from resolvers.node import Node
from resolvers.pages import After, Connection, First, page
from resolvers.problems import ALWAYS, answers
from resolvers.relations import One, derived, related, shows
from resolvers.steps import shown
from resolvers.words import label
from rules.billing import PaymentMethod
from rules.rails import SLUGS, NoticeStatus, Refusal
from services import merchants
from services.secret import Secret

Pem = Annotated[str, Text(64, 8192)]
described(
    Refusal,
    "NoticeRefusal",
    "Why a provider's notice changed nothing; expect new ones.",
    {
        "UNSIGNED": "It bore no signature.",
        "BAD_SIGNATURE": "Somebody else signed it, or something else.",
        "WRONG_ALGORITHM": "It was signed or sealed in another way than agreed.",
        "UNKNOWN_KEY": "It names a key that the account does not have.",
        "STALE": "It was signed too long ago, or is to be signed in the future.",
        "PROBE": "The provider tried whether signatures are checked.",
        "UNREADABLE": "It is not what the provider documents.",
        "UNKNOWN_PAYMENT": "There is no such payment through this account.",
        "WRONG_APP": "It is about another app's payment.",
        "WRONG_PAYEE": "The money went to somebody else.",
        "WRONG_CURRENCY": "It is about another currency.",
        "WRONG_AMOUNT": "It is about another amount.",
        "OTHER_TRANSACTION": "The payment belongs to another transaction of the provider, or the transaction to another payment.",
    },
)


@strawberry.type(description="A supplier's account with a payment provider. Its keys are never shown again.")
@shows(models.MerchantAccount)
class MerchantAccount(Node):
    """Where a provider writes to."""

    id: strawberry.ID = derived(lambda row: encode_id("MerchantAccount", row.id), description="Opaque id.")
    method: PaymentMethod = strawberry.field(description="With whom it is.")
    app_id: str = strawberry.field(description="The provider's id of the supplier's app.")
    payee: str = strawberry.field(description="Whom the money goes to: Alipay's PID, WeChat Pay's mchid.")
    is_sandbox: bool = strawberry.field(description="Whether it is with a simulated provider, where no money moves.")
    path: str = derived(
        lambda row: f"/payments/{SLUGS[PaymentMethod(row.method)]}/{row.endpoint}",
        description="Where the provider writes to, behind this server's public address; each payment names it.",
    )
    created_at: datetime = strawberry.field(description="When the account was made.")
    changed_at: datetime = strawberry.field(description="When it was set last.")
    replaced_at: datetime | None = strawberry.field(
        description="Since when another app or payee takes what is begun; what was begun here ends here. Null for the one in use."
    )


@strawberry.type(
    description="What a provider wrote, or answered when a payment's time was over, that was proven to be its own and refused all the same."
)
@shows(models.PaymentNotice)
class PaymentNotice(Node):
    """A refused notice."""

    id: strawberry.ID = derived(lambda row: encode_id("PaymentNotice", row.id), description="Opaque id.")
    method: PaymentMethod = strawberry.field(description="Who wrote it.")
    event_id: str = strawberry.field(description="The provider's name for it.")
    number: str = strawberry.field(description="The payment it names, by our number with the provider.")
    reason: Refusal | None = strawberry.field(description="Why it changed nothing.")
    reason_label: str | None = derived(
        lambda row, context: row.reason and label("notice_refusal", row.reason, context.locale),
        description="Why it changed nothing, in words of the caller's language.",
    )
    received_at: datetime = derived(lambda row: row.created_at, description="When it came first.")
    sha256: str = strawberry.field(
        description="SHA-256 of its bytes, in hex; of what was read of it, where it was the answer to a question."
    )
    company: Company = related(One(models.Company, "company_id"), description="The supplier whose account it came to.")


@strawberry.input(description="A public key of a payment provider.")
class ProviderKeyInput:
    """A key and its name."""

    name: Annotated[str, Text(0, 64)] = strawberry.field(
        description="The provider's name for it: a certificate's serial number or PUB_KEY_ID_…; empty for Alipay. At most 64 characters."
    )
    public_key: Pem = strawberry.field(
        description="The public key or certificate, in PEM or bare base64: 64 to 8192 characters."
    )


@strawberry.input(description="What a supplier and a payment provider agreed on.")
class SetMerchantAccountInput:
    """An account."""

    method: PaymentMethod = strawberry.field(description="With whom: ALIPAY or WECHAT_PAY.")
    app_id: Annotated[str, Text(1, 32)] = strawberry.field(description="The app's id, at most 32 characters.")
    payee: Annotated[str, Text(1, 32)] = strawberry.field(
        description="Whom the money goes to: Alipay's PID or WeChat Pay's mchid, at most 32 characters."
    )
    private_key: Pem = strawberry.field(
        description="The key our requests are signed with: RSA of at least 2048 bits, in PEM or bare base64; never shown again."
    )
    provider_keys: Annotated[list[ProviderKeyInput], Items(1, 4)] = strawberry.field(
        description="The keys the provider signs with, the newest last: 1 to 4, and one for Alipay outside of its certificate mode."
    )
    certificate_serial: Annotated[str, Text(0, 64)] = strawberry.field(
        default="", description="The serial number of the merchant's certificate, in hex: for WeChat Pay."
    )
    api_v3_key: Annotated[str, Text(0, 64)] = strawberry.field(
        default="", description="The APIv3 key of 32 bytes, for WeChat Pay; never shown again."
    )
    certificate: Annotated[str, Text(0, 8192)] = strawberry.field(
        default="",
        description=(
            "The app's certificate (appCertPublicKey), in PEM, for Alipay's certificate mode: the provider's keys are then its "
            "certificates (alipayCertPublicKey), under any names. At most 8192 characters."
        ),
    )
    root_certificates: Annotated[str, Text(0, 16384)] = strawberry.field(
        default="",
        description="Alipay's root certificates (alipayRootCert), in PEM, for its certificate mode: at most 16384 characters.",
    )
    is_sandbox: bool = strawberry.field(
        default=False, description="Whether the account is with the simulator, where no money moves."
    )


@strawberry.type(description="Buyers can pay in this way from now on.")
class SetMerchantAccountSuccess:
    """An account."""

    account: MerchantAccount = strawberry.field(description="The account.")


@strawberry.type
class MerchantQuery:
    """How to find accounts and refused notices."""

    @strawberry.field(
        description="The company's accounts with payment providers, those that were replaced too, for an ADMIN, the newest first."
    )
    async def merchant_accounts(
        self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[MerchantAccount]:
        """One page of accounts."""
        found = models.MerchantAccount.visible_to(info.context.actor)
        return Connection.of(await page(found, first=first, after=after))

    @strawberry.field(
        description="What payment providers wrote and was refused although it was theirs, for the operator, the newest first."
    )
    async def refused_payment_notices(
        self, info: Info[Context, None], first: First = PAGE_DEFAULT, after: After = None
    ) -> Connection[PaymentNotice]:
        """One page of notices."""
        refused = models.PaymentNotice.visible_to(info.context.actor).filter(status=NoticeStatus.REFUSED)
        return Connection.of(await page(refused, first=first, after=after))


@strawberry.type
class MerchantMutation:
    """What administrators do about payment providers."""

    @strawberry.mutation(
        graphql_type=answers(SetMerchantAccountSuccess, *ALWAYS),
        description="Let buyers pay the company through a provider, by this account; for an ADMIN. Keys of the same app and payee are "
        "changed; another app or payee replaces the account for new payments, while those begun before go on where they began.",
    )
    async def set_merchant_account(
        self, info: Info[Context, None], input: SetMerchantAccountInput
    ) -> SetMerchantAccountSuccess:
        """The account, ready."""
        check(input)
        credentials = merchants.MerchantCredentials(
            app_id=input.app_id,
            payee=input.payee,
            private_key=Secret(input.private_key),
            provider_keys={key.name: key.public_key for key in input.provider_keys},
            certificate_serial=input.certificate_serial,
            api_key=Secret(input.api_v3_key),
            is_sandbox=input.is_sandbox,
            certificate=input.certificate,
            root_certificates=input.root_certificates,
        )
        row = await merchants.set_merchant_account(info.context.actor, input.method, credentials)
        return SetMerchantAccountSuccess(account=shown(row))
