from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from orjson import loads
from rules.enquiry import EnquiryStatus
from rules.events import EventKind, Topic
from rules.units import Unit
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0007_quotation_withdrawn")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Enquiry",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("number", fields.CharField(unique=True, max_length=16)),
                (
                    "buyer",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="buyer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="enquiries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "requester",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="requester_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="enquiries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "status",
                    fields.CharEnumField(
                        default=EnquiryStatus.DRAFT,
                        description="DRAFT: DRAFT\nOPEN: OPEN\nCLOSED: CLOSED\nAWARDED: AWARDED\nCANCELLED: CANCELLED",
                        enum_type=EnquiryStatus,
                        max_length=16,
                    ),
                ),
                ("version", fields.IntField(default=0)),
                ("title", fields.CharField(max_length=200)),
                ("remark", fields.CharField(null=True, max_length=2000)),
                ("delivery_place", fields.CharField(null=True, max_length=300)),
                ("delivery_zone", fields.CharField(max_length=64)),
                ("requested_on", fields.DateField(null=True)),
                ("quality_requirement", fields.CharField(null=True, max_length=2000)),
                ("answer_by", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("is_sealed", fields.BooleanField(default=False)),
                ("closing_note", fields.CharField(null=True, max_length=1000)),
                ("issued_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "enquiry",
                "app": "models",
                "indexes": [
                    Index(fields=["buyer_id", "id"]),
                    Index(fields=["buyer_id", "status", "id"]),
                    Index(fields=["status", "answer_by"]),
                ],
                "pk_attr": "id",
                "table_description": "What a buyer asks of several suppliers at once: a document of the buyer's alone.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="Enquiry",
            constraint=CheckConstraint(check="NOT is_sealed OR answer_by IS NOT NULL", name="enquiry_sealed_until"),
        ),
        ops.CreateModel(
            name="EnquiryInvitation",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "enquiry",
                    fields.ForeignKeyField(
                        "models.Enquiry",
                        source_field="enquiry_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="invitations",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("position", fields.IntField()),
                (
                    "supplier",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="supplier_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="enquiry_invitations",
                        on_delete=OnDelete.RESTRICT,
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
                        related_name="enquiry_invitations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("withdrawn_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "enquiry_invitation",
                "app": "models",
                "unique_together": (("enquiry", "supplier"), ("enquiry", "position")),
                "pk_attr": "id",
                "table_description": "A supplier that is asked, and the sibling order by which it is asked; the order itself knows nothing of it.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="EnquiryInvitation",
            constraint=UniqueConstraint(
                fields=("order_id",), name="enquiry_sibling_once", condition="order_id IS NOT NULL"
            ),
        ),
        ops.CreateModel(
            name="EnquiryLine",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "enquiry",
                    fields.ForeignKeyField(
                        "models.Enquiry",
                        source_field="enquiry_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="lines",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("position", fields.IntField()),
                ("name", fields.CharField(max_length=200)),
                ("sku", fields.CharField(null=True, max_length=64)),
                ("specification", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                (
                    "unit",
                    fields.CharEnumField(
                        description="H87: H87\nSET: SET\nPR: PR\nDZN: DZN\nCEN: CEN\nMIL: MIL\nKGM: KGM\nGRM: GRM\nTNE: TNE\nMTR: MTR\nCMT: CMT\nMMT: MMT\nKMT: KMT\nMTK: MTK\nMTQ: MTQ\nLTR: LTR\nMLT: MLT\nKWH: KWH\nHUR: HUR\nDAY: DAY\nXBX: XBX\nXCT: XCT\nXPX: XPX\nXRO: XRO\nXBG: XBG\nXBO: XBO\nXDR: XDR",
                        enum_type=Unit,
                        max_length=3,
                    ),
                ),
                ("quantity", fields.DecimalField(max_digits=20, decimal_places=6)),
                ("quality_requirement", fields.CharField(null=True, max_length=2000)),
                ("requested_on", fields.DateField(null=True)),
                (
                    "product",
                    fields.ForeignKeyField(
                        "models.Product",
                        source_field="product_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="enquiry_lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "enquiry_line",
                "app": "models",
                "unique_together": (("enquiry", "position"),),
                "pk_attr": "id",
                "table_description": "One thing that is asked for, in the buyer's words.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="EnquiryLine",
            constraint=CheckConstraint(check="quantity > 0", name="enquiry_line_quantity"),
        ),
        ops.CreateModel(
            name="EnquiryMatch",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "invitation",
                    fields.ForeignKeyField(
                        "models.EnquiryInvitation",
                        source_field="invitation_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="matches",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "line",
                    fields.ForeignKeyField(
                        "models.EnquiryLine",
                        source_field="line_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="matches",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "product",
                    fields.ForeignKeyField(
                        "models.Product",
                        source_field="product_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="enquiry_matches",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
                (
                    "order_line",
                    fields.ForeignKeyField(
                        "models.OrderLine",
                        source_field="order_line_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="enquiry_matches",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "enquiry_match",
                "app": "models",
                "unique_together": (("invitation", "line"),),
                "pk_attr": "id",
                "table_description": "Which product of an invited supplier answers which line; kept here alone, so that no order line tells of an enquiry.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="EnquiryMatch",
            constraint=UniqueConstraint(
                fields=("order_line_id",), name="enquiry_match_once", condition="order_line_id IS NOT NULL"
            ),
        ),
        ops.AlterField(
            model_name="Event",
            name="kind",
            field=fields.CharEnumField(
                description="ORDER_CREATED: ORDER_CREATED\nDRAFT_UPDATED: DRAFT_UPDATED\nORDER_SUBMITTED: ORDER_SUBMITTED\nORDER_RETURNED: ORDER_RETURNED\nORDER_WITHDRAWN: ORDER_WITHDRAWN\nORDER_PLACED: ORDER_PLACED\nBUYER_ASKED: BUYER_ASKED\nSUPPLIER_ANSWERED: SUPPLIER_ANSWERED\nQUOTATION_SENT: QUOTATION_SENT\nQUOTATION_WITHDRAWN: QUOTATION_WITHDRAWN\nORDER_REJECTED: ORDER_REJECTED\nQUOTATION_COUNTERED: QUOTATION_COUNTERED\nQUOTATION_DECLINED: QUOTATION_DECLINED\nQUOTATION_ACCEPTED: QUOTATION_ACCEPTED\nQUOTATION_EXPIRED: QUOTATION_EXPIRED\nCONTRACT_SIGNED: CONTRACT_SIGNED\nCONTRACT_REFUSED: CONTRACT_REFUSED\nCONTRACT_LAPSED: CONTRACT_LAPSED\nORDER_CANCELLED: ORDER_CANCELLED\nDEADLINE_EXTENDED: DEADLINE_EXTENDED\nMESSAGE_POSTED: MESSAGE_POSTED\nTALK_LOGGED: TALK_LOGGED\nSHIPMENT_DESPATCHED: SHIPMENT_DESPATCHED\nSHIPMENT_TRACKED: SHIPMENT_TRACKED\nSHIPMENT_RECEIVED: SHIPMENT_RECEIVED\nINVOICE_ISSUED: INVOICE_ISSUED\nINVOICE_ACCEPTED: INVOICE_ACCEPTED\nINVOICE_DISPUTED: INVOICE_DISPUTED\nPAYMENT_SUBMITTED: PAYMENT_SUBMITTED\nPAYMENT_REJECTED: PAYMENT_REJECTED\nFUNDS_CONFIRMED: FUNDS_CONFIRMED\nAPPROVAL_REQUESTED: APPROVAL_REQUESTED\nAPPROVAL_DECIDED: APPROVAL_DECIDED\nCOMPANY_REGISTERED: COMPANY_REGISTERED\nCOMPANY_REVIEWED: COMPANY_REVIEWED\nCOMPANY_CHANGED: COMPANY_CHANGED\nENQUIRY_CREATED: ENQUIRY_CREATED\nENQUIRY_UPDATED: ENQUIRY_UPDATED\nENQUIRY_ISSUED: ENQUIRY_ISSUED\nSUPPLIER_INVITED: SUPPLIER_INVITED\nINVITATION_WITHDRAWN: INVITATION_WITHDRAWN\nENQUIRY_EXTENDED: ENQUIRY_EXTENDED\nENQUIRY_CLOSED: ENQUIRY_CLOSED\nENQUIRY_AWARDED: ENQUIRY_AWARDED\nENQUIRY_CANCELLED: ENQUIRY_CANCELLED",
                enum_type=EventKind,
                max_length=32,
            ),
        ),
        ops.AlterField(
            model_name="Event",
            name="topic",
            field=fields.CharEnumField(
                description="ORDER: ORDER\nAPPROVAL: APPROVAL\nCOMPANY: COMPANY\nENQUIRY: ENQUIRY",
                enum_type=Topic,
                max_length=16,
            ),
        ),
        ops.AddField(
            model_name="Order",
            name="answer_by",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Order",
            name="is_sealed",
            field=fields.BooleanField(default=False),
        ),
    ]
