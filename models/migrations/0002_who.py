from tortoise import migrations
from tortoise.migrations import operations as ops
from rules.events import EventKind
from rules.terms import QuotationStatus
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]

    initial = False

    operations = [
        ops.AddConstraint(
            model_name="Company",
            constraint=UniqueConstraint(fields=("kind",), name="company_one_platform", condition="kind = 'PLATFORM'"),
        ),
        ops.AlterField(
            model_name="Event",
            name="kind",
            field=fields.CharEnumField(
                description="ORDER_CREATED: ORDER_CREATED\nDRAFT_UPDATED: DRAFT_UPDATED\nORDER_SUBMITTED: ORDER_SUBMITTED\nORDER_RETURNED: ORDER_RETURNED\nORDER_WITHDRAWN: ORDER_WITHDRAWN\nORDER_PLACED: ORDER_PLACED\nBUYER_ASKED: BUYER_ASKED\nSUPPLIER_ANSWERED: SUPPLIER_ANSWERED\nQUOTATION_SENT: QUOTATION_SENT\nORDER_REJECTED: ORDER_REJECTED\nQUOTATION_COUNTERED: QUOTATION_COUNTERED\nQUOTATION_DECLINED: QUOTATION_DECLINED\nQUOTATION_ACCEPTED: QUOTATION_ACCEPTED\nQUOTATION_EXPIRED: QUOTATION_EXPIRED\nCONTRACT_SIGNED: CONTRACT_SIGNED\nCONTRACT_REFUSED: CONTRACT_REFUSED\nCONTRACT_LAPSED: CONTRACT_LAPSED\nORDER_CANCELLED: ORDER_CANCELLED\nMESSAGE_POSTED: MESSAGE_POSTED\nTALK_LOGGED: TALK_LOGGED\nSHIPMENT_DESPATCHED: SHIPMENT_DESPATCHED\nSHIPMENT_TRACKED: SHIPMENT_TRACKED\nSHIPMENT_RECEIVED: SHIPMENT_RECEIVED\nINVOICE_ISSUED: INVOICE_ISSUED\nINVOICE_ACCEPTED: INVOICE_ACCEPTED\nINVOICE_DISPUTED: INVOICE_DISPUTED\nPAYMENT_SUBMITTED: PAYMENT_SUBMITTED\nPAYMENT_REJECTED: PAYMENT_REJECTED\nFUNDS_CONFIRMED: FUNDS_CONFIRMED\nAPPROVAL_REQUESTED: APPROVAL_REQUESTED\nAPPROVAL_DECIDED: APPROVAL_DECIDED\nCOMPANY_REGISTERED: COMPANY_REGISTERED\nCOMPANY_REVIEWED: COMPANY_REVIEWED\nCOMPANY_CHANGED: COMPANY_CHANGED",
                enum_type=EventKind,
                max_length=32,
            ),
        ),
        ops.AddField(
            model_name="Member",
            name="version",
            field=fields.IntField(default=1),
        ),
        ops.AddField(
            model_name="Order",
            name="approval_pending",
            field=fields.BooleanField(default=False),
        ),
        ops.AlterField(
            model_name="Quotation",
            name="status",
            field=fields.CharEnumField(
                default=QuotationStatus.SENT,
                description="SENT: SENT\nACCEPTED: ACCEPTED\nDECLINED: DECLINED\nWITHDRAWN: WITHDRAWN\nSUPERSEDED: SUPERSEDED\nEXPIRED: EXPIRED",
                enum_type=QuotationStatus,
                max_length=16,
            ),
        ),
        ops.RemoveIndex(
            model_name="SignInFailure",
            name=None,
            fields=["sign_in_name", "created_at"],
        ),
        ops.AlterModelOptions(
            name="SignInFailure",
            options={
                "table": "sign_in_failure",
                "app": "models",
                "indexes": [Index(fields=["name_sha256", "created_at"]), Index(fields=["address", "created_at"])],
                "pk_attr": "id",
                "table_description": "A wrong try. Of the name only the SHA-256 is kept: people type passwords into the wrong field.",
            },
        ),
        ops.AddField(
            model_name="SignInFailure",
            name="name_sha256",
            field=fields.CharField(max_length=64),
        ),
        ops.RemoveField(model_name="SignInFailure", name="sign_in_name"),
        ops.AddIndex(
            model_name="SignInFailure",
            index=Index(fields=["name_sha256", "created_at"]),
        ),
    ]
