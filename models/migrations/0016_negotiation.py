"""Counter-offers to the terms of a quotation, and read marks."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from rules.events import EventKind, Topic
from rules.lifecycle import Side
from rules.terms import PaymentMoment
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint

# What was said before got its number from the event that told of it.
FILL = (
    "UPDATE message m SET seq = e.seq FROM event e WHERE e.stream = m.order_id AND e.body ->> 'messageId' = m.id::text"
)


class Migration(migrations.Migration):
    """Wishes on the whole of a quotation, and how far messages were read."""

    dependencies = [("models", "0015_signatures_by_certificate")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ReadMark",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="read_marks",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="member_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="read_marks",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("seq", fields.IntField(default=0)),
            ],
            options={
                "table": "read_mark",
                "app": "models",
                "unique_together": (("order", "member"),),
                "pk_attr": "id",
                "table_description": "How far a member has read: nobody's business but their own.",
            },
            bases=["Stored"],
        ),
        ops.CreateModel(
            name="ReadState",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="read_states",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "company",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="company_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="read_states",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "side",
                    fields.CharEnumField(
                        description="BUYER: BUYER\nSUPPLIER: SUPPLIER\nPLATFORM: PLATFORM\nCLOCK: CLOCK",
                        enum_type=Side,
                        max_length=8,
                    ),
                ),
                (
                    "message",
                    fields.ForeignKeyField(
                        "models.Message",
                        source_field="message_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="read_states",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("seq", fields.IntField(default=0)),
                ("version", fields.IntField(default=0)),
                ("read_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "read_state",
                "app": "models",
                "unique_together": (("order", "company"),),
                "pk_attr": "id",
                "table_description": "How far a company has read, whoever of it read first; its events are a stream of its own, which both parties read.",
            },
            bases=["Stored"],
        ),
        ops.AddField(
            model_name="CounterOffer",
            name="freight",
            field=fields.DecimalField(null=True, max_digits=20, decimal_places=2),
        ),
        ops.AddField(
            model_name="CounterOffer",
            name="payment_moment",
            field=fields.CharEnumField(
                null=True,
                description="AFTER_INVOICE: AFTER_INVOICE\nON_RECEIPT: ON_RECEIPT",
                enum_type=PaymentMoment,
                max_length=16,
            ),
        ),
        ops.AddField(
            model_name="CounterOffer",
            name="payment_net_days",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="CounterOffer",
            name="prepaid_share",
            field=fields.DecimalField(null=True, max_digits=7, decimal_places=6),
        ),
        ops.AddField(
            model_name="CounterOffer",
            name="valid_until",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AlterField(
            model_name="Event",
            name="kind",
            field=fields.CharEnumField(
                description="ORDER_CREATED: ORDER_CREATED\nDRAFT_UPDATED: DRAFT_UPDATED\nORDER_SUBMITTED: ORDER_SUBMITTED\nORDER_RETURNED: ORDER_RETURNED\nORDER_WITHDRAWN: ORDER_WITHDRAWN\nORDER_PLACED: ORDER_PLACED\nBUYER_ASKED: BUYER_ASKED\nSUPPLIER_ANSWERED: SUPPLIER_ANSWERED\nQUOTATION_SENT: QUOTATION_SENT\nQUOTATION_WITHDRAWN: QUOTATION_WITHDRAWN\nORDER_REJECTED: ORDER_REJECTED\nQUOTATION_COUNTERED: QUOTATION_COUNTERED\nQUOTATION_DECLINED: QUOTATION_DECLINED\nQUOTATION_ACCEPTED: QUOTATION_ACCEPTED\nQUOTATION_EXPIRED: QUOTATION_EXPIRED\nCONTRACT_SIGNED: CONTRACT_SIGNED\nCONTRACT_REFUSED: CONTRACT_REFUSED\nCONTRACT_LAPSED: CONTRACT_LAPSED\nORDER_CANCELLED: ORDER_CANCELLED\nDEADLINE_EXTENDED: DEADLINE_EXTENDED\nMESSAGE_POSTED: MESSAGE_POSTED\nTALK_LOGGED: TALK_LOGGED\nMESSAGES_READ: MESSAGES_READ\nFILE_ATTACHED: FILE_ATTACHED\nFILE_DETACHED: FILE_DETACHED\nSHIPMENT_DESPATCHED: SHIPMENT_DESPATCHED\nSHIPMENT_TRACKED: SHIPMENT_TRACKED\nSHIPMENT_RECEIVED: SHIPMENT_RECEIVED\nINVOICE_ISSUED: INVOICE_ISSUED\nINVOICE_ACCEPTED: INVOICE_ACCEPTED\nINVOICE_DISPUTED: INVOICE_DISPUTED\nPAYMENT_SUBMITTED: PAYMENT_SUBMITTED\nPAYMENT_REJECTED: PAYMENT_REJECTED\nFUNDS_CONFIRMED: FUNDS_CONFIRMED\nAGREEMENT_PROPOSED: AGREEMENT_PROPOSED\nAGREEMENT_SIGNED: AGREEMENT_SIGNED\nAGREEMENT_REFUSED: AGREEMENT_REFUSED\nAGREEMENT_CALLED_OFF: AGREEMENT_CALLED_OFF\nAGREEMENT_RESTORED: AGREEMENT_RESTORED\nAGREEMENT_TERMINATED: AGREEMENT_TERMINATED\nAGREEMENT_EXPIRED: AGREEMENT_EXPIRED\nAPPROVAL_REQUESTED: APPROVAL_REQUESTED\nAPPROVAL_VOTED: APPROVAL_VOTED\nAPPROVAL_DECIDED: APPROVAL_DECIDED\nAPPROVAL_RULE_CHANGED: APPROVAL_RULE_CHANGED\nCOMPANY_REGISTERED: COMPANY_REGISTERED\nCOMPANY_REVIEWED: COMPANY_REVIEWED\nCOMPANY_CHANGED: COMPANY_CHANGED\nENQUIRY_CREATED: ENQUIRY_CREATED\nENQUIRY_UPDATED: ENQUIRY_UPDATED\nENQUIRY_ISSUED: ENQUIRY_ISSUED\nSUPPLIER_INVITED: SUPPLIER_INVITED\nINVITATION_WITHDRAWN: INVITATION_WITHDRAWN\nENQUIRY_EXTENDED: ENQUIRY_EXTENDED\nENQUIRY_CLOSED: ENQUIRY_CLOSED\nENQUIRY_AWARDED: ENQUIRY_AWARDED\nENQUIRY_CANCELLED: ENQUIRY_CANCELLED",
                enum_type=EventKind,
                max_length=32,
            ),
        ),
        ops.AlterField(
            model_name="Event",
            name="topic",
            field=fields.CharEnumField(
                description="ORDER: ORDER\nAGREEMENT: AGREEMENT\nAPPROVAL: APPROVAL\nCOMPANY: COMPANY\nCONVERSATION: CONVERSATION\nENQUIRY: ENQUIRY",
                enum_type=Topic,
                max_length=16,
            ),
        ),
        ops.AddField(
            model_name="Message",
            name="seq",
            field=fields.IntField(null=True),
        ),
        ops.RunSQL(FILL, reverse_sql=ops.RunSQL.noop),
        ops.AlterField(
            model_name="Message",
            name="seq",
            field=fields.IntField(),
        ),
        ops.AddConstraint(
            model_name="Message",
            constraint=UniqueConstraint(fields=("order", "seq"), name=None),
        ),
    ]
