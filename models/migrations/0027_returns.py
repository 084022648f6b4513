from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from rules.acceptance import GoodsFault
from rules.events import EventKind
from rules.returns import Resolution, ReturnStatus, ReturnedFrom
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0026_receipts")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ReturnRequest",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("number", fields.CharField(unique=True, max_length=16)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="returns",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "status",
                    fields.CharEnumField(
                        default=ReturnStatus.REQUESTED,
                        description="REQUESTED: REQUESTED\nAPPROVED: APPROVED\nREJECTED: REJECTED\nDISPUTED: DISPUTED\nSHIPPED_BACK: SHIPPED_BACK\nTAKEN_BACK: TAKEN_BACK\nRESOLVED: RESOLVED\nCANCELLED: CANCELLED",
                        enum_type=ReturnStatus,
                        max_length=16,
                    ),
                ),
                ("version", fields.IntField(default=0)),
                (
                    "wanted",
                    fields.CharEnumField(
                        null=True,
                        description="REFUND: REFUND\nREPLACE: REPLACE\nCREDIT: CREDIT\nNO_FAULT: NO_FAULT",
                        enum_type=Resolution,
                        max_length=8,
                    ),
                ),
                ("reason", fields.CharField(max_length=1000)),
                ("rejection_reason", fields.CharField(null=True, max_length=1000)),
                ("dispute_reason", fields.CharField(null=True, max_length=1000)),
                ("arbitration_note", fields.CharField(null=True, max_length=1000)),
                ("carrier", fields.CharField(null=True, max_length=120)),
                ("waybill", fields.CharField(null=True, max_length=64)),
                ("shipped_back_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("taken_back_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "resolution",
                    fields.CharEnumField(
                        null=True,
                        description="REFUND: REFUND\nREPLACE: REPLACE\nCREDIT: CREDIT\nNO_FAULT: NO_FAULT",
                        enum_type=Resolution,
                        max_length=8,
                    ),
                ),
                ("resolved_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "return_request",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Goods of one order that the buyer wants to give back, or to have exchanged.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="ReturnRequest",
            constraint=CheckConstraint(
                check="(status = 'RESOLVED') = (resolution IS NOT NULL)", name="return_request_resolved"
            ),
        ),
        ops.CreateModel(
            name="ReturnLine",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "request",
                    fields.ForeignKeyField(
                        "models.ReturnRequest",
                        source_field="request_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "order_line",
                    fields.ForeignKeyField(
                        "models.OrderLine",
                        source_field="order_line_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="return_lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
                (
                    "origin",
                    fields.CharEnumField(
                        description="ACCEPTED: ACCEPTED\nREJECTED: REJECTED", enum_type=ReturnedFrom, max_length=8
                    ),
                ),
                (
                    "fault",
                    fields.CharEnumField(
                        description="DAMAGED: DAMAGED\nDEFECTIVE: DEFECTIVE\nWRONG_ITEM: WRONG_ITEM\nOUT_OF_DATE: OUT_OF_DATE\nMISSING: MISSING\nOTHER: OTHER",
                        enum_type=GoodsFault,
                        max_length=16,
                    ),
                ),
                ("remark", fields.CharField(null=True, max_length=1000)),
                ("confirmed", fields.DecimalField(null=True, max_digits=20, decimal_places=6)),
                ("quantity", fields.DecimalField(max_digits=20, decimal_places=6)),
                ("finding", fields.CharField(null=True, max_length=1000)),
            ],
            options={
                "table": "return_line",
                "app": "models",
                "unique_together": (("request", "order_line", "origin"),),
                "pk_attr": "id",
                "table_description": "How much of an order line goes back, and how much of it the supplier found as claimed.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="ReturnLine",
            constraint=CheckConstraint(check="quantity > 0", name="return_line_quantity"),
        ),
        ops.AddConstraint(
            model_name="ReturnLine",
            constraint=CheckConstraint(check="confirmed BETWEEN 0 AND quantity", name="return_line_confirmed"),
        ),
        ops.AlterField(
            model_name="Event",
            name="kind",
            field=fields.CharEnumField(
                description="ORDER_CREATED: ORDER_CREATED\nDRAFT_UPDATED: DRAFT_UPDATED\nORDER_SUBMITTED: ORDER_SUBMITTED\nORDER_RETURNED: ORDER_RETURNED\nORDER_WITHDRAWN: ORDER_WITHDRAWN\nORDER_PLACED: ORDER_PLACED\nBUYER_ASKED: BUYER_ASKED\nSUPPLIER_ANSWERED: SUPPLIER_ANSWERED\nQUOTATION_SENT: QUOTATION_SENT\nQUOTATION_WITHDRAWN: QUOTATION_WITHDRAWN\nORDER_REJECTED: ORDER_REJECTED\nQUOTATION_COUNTERED: QUOTATION_COUNTERED\nQUOTATION_DECLINED: QUOTATION_DECLINED\nQUOTATION_ACCEPTED: QUOTATION_ACCEPTED\nQUOTATION_EXPIRED: QUOTATION_EXPIRED\nCONTRACT_SIGNED: CONTRACT_SIGNED\nCONTRACT_REFUSED: CONTRACT_REFUSED\nCONTRACT_LAPSED: CONTRACT_LAPSED\nCONTRACT_CHANGE_PROPOSED: CONTRACT_CHANGE_PROPOSED\nCONTRACT_CHANGE_AGREED: CONTRACT_CHANGE_AGREED\nCONTRACT_CHANGE_REFUSED: CONTRACT_CHANGE_REFUSED\nCONTRACT_CHANGE_WITHDRAWN: CONTRACT_CHANGE_WITHDRAWN\nCONTRACT_CHANGE_LAPSED: CONTRACT_CHANGE_LAPSED\nTERMINATION_PROPOSED: TERMINATION_PROPOSED\nTERMINATION_REFUSED: TERMINATION_REFUSED\nORDER_TERMINATED: ORDER_TERMINATED\nORDER_CANCELLED: ORDER_CANCELLED\nDEADLINE_EXTENDED: DEADLINE_EXTENDED\nMESSAGE_POSTED: MESSAGE_POSTED\nTALK_LOGGED: TALK_LOGGED\nMESSAGES_READ: MESSAGES_READ\nFILE_ATTACHED: FILE_ATTACHED\nFILE_DETACHED: FILE_DETACHED\nSHIPMENT_DESPATCHED: SHIPMENT_DESPATCHED\nSHIPMENT_TRACKED: SHIPMENT_TRACKED\nSHIPMENT_INSPECTED: SHIPMENT_INSPECTED\nSHIPMENT_RECEIVED: SHIPMENT_RECEIVED\nRECEIPT_REVERSED: RECEIPT_REVERSED\nACCEPTANCE_NEAR: ACCEPTANCE_NEAR\nSHIPMENT_DISPUTED: SHIPMENT_DISPUTED\nSHIPMENT_DISPUTE_CLOSED: SHIPMENT_DISPUTE_CLOSED\nSHIPMENT_CANCELLED: SHIPMENT_CANCELLED\nRETURN_REQUESTED: RETURN_REQUESTED\nRETURN_APPROVED: RETURN_APPROVED\nRETURN_REJECTED: RETURN_REJECTED\nRETURN_DISPUTED: RETURN_DISPUTED\nRETURN_ARBITRATED: RETURN_ARBITRATED\nRETURN_SHIPPED_BACK: RETURN_SHIPPED_BACK\nRETURN_TAKEN_BACK: RETURN_TAKEN_BACK\nRETURN_RESOLVED: RETURN_RESOLVED\nRETURN_CANCELLED: RETURN_CANCELLED\nINVOICE_ISSUED: INVOICE_ISSUED\nINVOICE_ACCEPTED: INVOICE_ACCEPTED\nINVOICE_DISPUTED: INVOICE_DISPUTED\nPAYMENT_SUBMITTED: PAYMENT_SUBMITTED\nPAYMENT_REJECTED: PAYMENT_REJECTED\nFUNDS_CONFIRMED: FUNDS_CONFIRM",
                enum_type=EventKind,
                max_length=32,
            ),
        ),
    ]
