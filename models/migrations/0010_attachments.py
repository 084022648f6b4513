from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from rules.events import EventKind
from rules.files import FileStatus
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0009_approval_rules")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Attachment",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "company",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="company_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="attachments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "uploader",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="uploader_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="attachments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=150)),
                ("media_type", fields.CharField(max_length=100)),
                ("size", fields.BigIntField()),
                ("sha256", fields.CharField(max_length=64)),
                ("stored_key", fields.CharField(unique=True, max_length=100)),
                (
                    "status",
                    fields.CharEnumField(
                        default=FileStatus.RECEIVED,
                        description="RECEIVED: RECEIVED\nSTORED: STORED\nREMOVED: REMOVED",
                        enum_type=FileStatus,
                        max_length=8,
                    ),
                ),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="attachments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "order_line",
                    fields.ForeignKeyField(
                        "models.OrderLine",
                        source_field="order_line_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="attachments",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "message",
                    fields.ForeignKeyField(
                        "models.Message",
                        source_field="message_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="attachments",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("loose_since", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "attachment",
                "app": "models",
                "indexes": [Index(fields=["loose_since", "id"])],
                "pk_attr": "id",
                "table_description": "A file somebody uploaded; it hangs on one order, one line or one message, or on nothing yet.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="Attachment",
            constraint=CheckConstraint(
                check="(order_id IS NULL) = (loose_since IS NOT NULL)", name="attachment_loose_or_not"
            ),
        ),
        ops.AddConstraint(
            model_name="Attachment",
            constraint=CheckConstraint(
                check="order_id IS NOT NULL OR (order_line_id IS NULL AND message_id IS NULL)", name="attachment_place"
            ),
        ),
        ops.AddConstraint(
            model_name="Attachment",
            constraint=CheckConstraint(check="order_id IS NULL OR status = 'STORED'", name="attachment_stored"),
        ),
        ops.AddConstraint(
            model_name="Attachment",
            constraint=CheckConstraint(check="size > 0", name="attachment_size"),
        ),
        ops.AlterField(
            model_name="Event",
            name="kind",
            field=fields.CharEnumField(
                description="ORDER_CREATED: ORDER_CREATED\nDRAFT_UPDATED: DRAFT_UPDATED\nORDER_SUBMITTED: ORDER_SUBMITTED\nORDER_RETURNED: ORDER_RETURNED\nORDER_WITHDRAWN: ORDER_WITHDRAWN\nORDER_PLACED: ORDER_PLACED\nBUYER_ASKED: BUYER_ASKED\nSUPPLIER_ANSWERED: SUPPLIER_ANSWERED\nQUOTATION_SENT: QUOTATION_SENT\nQUOTATION_WITHDRAWN: QUOTATION_WITHDRAWN\nORDER_REJECTED: ORDER_REJECTED\nQUOTATION_COUNTERED: QUOTATION_COUNTERED\nQUOTATION_DECLINED: QUOTATION_DECLINED\nQUOTATION_ACCEPTED: QUOTATION_ACCEPTED\nQUOTATION_EXPIRED: QUOTATION_EXPIRED\nCONTRACT_SIGNED: CONTRACT_SIGNED\nCONTRACT_REFUSED: CONTRACT_REFUSED\nCONTRACT_LAPSED: CONTRACT_LAPSED\nORDER_CANCELLED: ORDER_CANCELLED\nDEADLINE_EXTENDED: DEADLINE_EXTENDED\nMESSAGE_POSTED: MESSAGE_POSTED\nTALK_LOGGED: TALK_LOGGED\nFILE_ATTACHED: FILE_ATTACHED\nFILE_DETACHED: FILE_DETACHED\nSHIPMENT_DESPATCHED: SHIPMENT_DESPATCHED\nSHIPMENT_TRACKED: SHIPMENT_TRACKED\nSHIPMENT_RECEIVED: SHIPMENT_RECEIVED\nINVOICE_ISSUED: INVOICE_ISSUED\nINVOICE_ACCEPTED: INVOICE_ACCEPTED\nINVOICE_DISPUTED: INVOICE_DISPUTED\nPAYMENT_SUBMITTED: PAYMENT_SUBMITTED\nPAYMENT_REJECTED: PAYMENT_REJECTED\nFUNDS_CONFIRMED: FUNDS_CONFIRMED\nAPPROVAL_REQUESTED: APPROVAL_REQUESTED\nAPPROVAL_VOTED: APPROVAL_VOTED\nAPPROVAL_DECIDED: APPROVAL_DECIDED\nAPPROVAL_RULE_CHANGED: APPROVAL_RULE_CHANGED\nCOMPANY_REGISTERED: COMPANY_REGISTERED\nCOMPANY_REVIEWED: COMPANY_REVIEWED\nCOMPANY_CHANGED: COMPANY_CHANGED\nENQUIRY_CREATED: ENQUIRY_CREATED\nENQUIRY_UPDATED: ENQUIRY_UPDATED\nENQUIRY_ISSUED: ENQUIRY_ISSUED\nSUPPLIER_INVITED: SUPPLIER_INVITED\nINVITATION_WITHDRAWN: INVITATION_WITHDRAWN\nENQUIRY_EXTENDED: ENQUIRY_EXTENDED\nENQUIRY_CLOSED: ENQUIRY_CLOSED\nENQUIRY_AWARDED: ENQUIRY_AWARDED\nENQUIRY_CANCELLED: ENQUIRY_CANCELLED",
                enum_type=EventKind,
                max_length=32,
            ),
        ),
        # What a file is stays; where it hangs may change, and a file that hangs on nothing may go.
        ops.RunSQL(
            "CREATE TRIGGER attachment_kept BEFORE UPDATE ON attachment FOR EACH ROW "
            "EXECUTE FUNCTION keep_as_written('status', 'order_id', 'order_line_id', 'message_id', 'loose_since')",
            reverse_sql=ops.RunSQL.noop,
        ),
    ]
