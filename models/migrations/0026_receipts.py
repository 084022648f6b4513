from tortoise import migrations
from tortoise.migrations import operations as ops
from rules.acceptance import GoodsFault
from rules.events import EventKind
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

# What has arrived already: the buyer is warned as everybody is from now on.
CLOCK_RUNS = "UPDATE shipment SET accept_by = now() + interval '7 days', warn_at = now() + interval '5 days' WHERE status = 'ARRIVED'"


# Beside what 0010 lets change: which shipment or return a file was taken at.
HANGS = (
    "DROP TRIGGER attachment_kept ON attachment",
    "CREATE TRIGGER attachment_kept BEFORE UPDATE ON attachment FOR EACH ROW EXECUTE FUNCTION keep_as_written("
    "'status', 'order_id', 'order_line_id', 'message_id', 'shipment_id', 'return_request_id', 'loose_since')",
)


class Migration(migrations.Migration):
    dependencies = [("models", "0025_over_delivery")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Attachment",
            name="shipment",
            field=fields.ForeignKeyField(
                "models.Shipment",
                source_field="shipment_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="attachments",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddIndex(
            model_name="Attachment",
            index=Index(fields=["shipment_id"]),
        ),
        ops.AddConstraint(
            model_name="Attachment",
            constraint=CheckConstraint(check="order_id IS NOT NULL OR shipment_id IS NULL", name="attachment_evidence"),
        ),
        ops.AlterField(
            model_name="Event",
            name="kind",
            field=fields.CharEnumField(
                description="ORDER_CREATED: ORDER_CREATED\nDRAFT_UPDATED: DRAFT_UPDATED\nORDER_SUBMITTED: ORDER_SUBMITTED\nORDER_RETURNED: ORDER_RETURNED\nORDER_WITHDRAWN: ORDER_WITHDRAWN\nORDER_PLACED: ORDER_PLACED\nBUYER_ASKED: BUYER_ASKED\nSUPPLIER_ANSWERED: SUPPLIER_ANSWERED\nQUOTATION_SENT: QUOTATION_SENT\nQUOTATION_WITHDRAWN: QUOTATION_WITHDRAWN\nORDER_REJECTED: ORDER_REJECTED\nQUOTATION_COUNTERED: QUOTATION_COUNTERED\nQUOTATION_DECLINED: QUOTATION_DECLINED\nQUOTATION_ACCEPTED: QUOTATION_ACCEPTED\nQUOTATION_EXPIRED: QUOTATION_EXPIRED\nCONTRACT_SIGNED: CONTRACT_SIGNED\nCONTRACT_REFUSED: CONTRACT_REFUSED\nCONTRACT_LAPSED: CONTRACT_LAPSED\nCONTRACT_CHANGE_PROPOSED: CONTRACT_CHANGE_PROPOSED\nCONTRACT_CHANGE_AGREED: CONTRACT_CHANGE_AGREED\nCONTRACT_CHANGE_REFUSED: CONTRACT_CHANGE_REFUSED\nCONTRACT_CHANGE_WITHDRAWN: CONTRACT_CHANGE_WITHDRAWN\nCONTRACT_CHANGE_LAPSED: CONTRACT_CHANGE_LAPSED\nTERMINATION_PROPOSED: TERMINATION_PROPOSED\nTERMINATION_REFUSED: TERMINATION_REFUSED\nORDER_TERMINATED: ORDER_TERMINATED\nORDER_CANCELLED: ORDER_CANCELLED\nDEADLINE_EXTENDED: DEADLINE_EXTENDED\nMESSAGE_POSTED: MESSAGE_POSTED\nTALK_LOGGED: TALK_LOGGED\nMESSAGES_READ: MESSAGES_READ\nFILE_ATTACHED: FILE_ATTACHED\nFILE_DETACHED: FILE_DETACHED\nSHIPMENT_DESPATCHED: SHIPMENT_DESPATCHED\nSHIPMENT_TRACKED: SHIPMENT_TRACKED\nSHIPMENT_INSPECTED: SHIPMENT_INSPECTED\nSHIPMENT_RECEIVED: SHIPMENT_RECEIVED\nRECEIPT_REVERSED: RECEIPT_REVERSED\nACCEPTANCE_NEAR: ACCEPTANCE_NEAR\nSHIPMENT_DISPUTED: SHIPMENT_DISPUTED\nSHIPMENT_DISPUTE_CLOSED: SHIPMENT_DISPUTE_CLOSED\nSHIPMENT_CANCELLED: SHIPMENT_CANCELLED\nINVOICE_ISSUED: INVOICE_ISSUED\nINVOICE_ACCEPTED: INVOICE_ACCEPTED\nINVOICE_DISPUTED: INVOICE_DISPUTED\nPAYMENT_SUBMITTED: PAYMENT_SUBMITTED\nPAYMENT_REJECTED: PAYMENT_REJECTED\nFUNDS_CONFIRMED: FUNDS_CONFIRMED\nAGREEMENT_PROPOSED: AGREEMENT_PROPOSED\nAGREEMENT_SIGNED: AGREEMENT_SIGNED\nAGREEMENT_REFUSED: AGREEMENT_REFUSED\nAGREEMENT_CALLED_OFF: AGREEMENT_CALLED_OFF\nAGREEMENT_RESTORED: AGREEMENT_RESTORED\nAGREEMENT_TERMINATED: AGREEMENT_TERMINATED\nAGREEMENT_EXPIRED: AGREEMENT_EXPIRED\nAPPROVAL_REQUESTED: APPROVAL_REQUESTED\nAP",
                enum_type=EventKind,
                max_length=32,
            ),
        ),
        ops.RemoveIndex(
            model_name="Shipment",
            name=None,
            fields=["status", "arrived_at"],
        ),
        ops.AddField(
            model_name="Shipment",
            name="accept_by",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Shipment",
            name="dispute_reason",
            field=fields.CharField(null=True, max_length=1000),
        ),
        ops.AddField(
            model_name="Shipment",
            name="disputed_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Shipment",
            name="warn_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name="Shipment",
            index=Index(fields=["status", "accept_by"]),
        ),
        ops.AddIndex(
            model_name="Shipment",
            index=Index(fields=["status", "warn_at"]),
        ),
        ops.AddField(
            model_name="ShipmentLine",
            name="fault",
            field=fields.CharEnumField(
                null=True,
                description="DAMAGED: DAMAGED\nDEFECTIVE: DEFECTIVE\nWRONG_ITEM: WRONG_ITEM\nOUT_OF_DATE: OUT_OF_DATE\nMISSING: MISSING\nOTHER: OTHER",
                enum_type=GoodsFault,
                max_length=16,
            ),
        ),
        ops.RunSQL(list(HANGS), reverse_sql=ops.RunSQL.noop),
        ops.RunSQL(CLOCK_RUNS, reverse_sql=ops.RunSQL.noop),
    ]
