"""Framework agreements; what was signed or called off under them stays as it was written."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from decimal import Decimal
from models.base import new_id
from rules.agreement import AgreementStatus, CoverageGap
from rules.contract import TrustLevel
from rules.events import EventKind, Topic
from rules.lifecycle import Side
from rules.money import Currency
from rules.units import Unit
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint

# Table: the columns that may still change (see 0004).
KEPT = {
    "framework_agreement": ("status", "turn", "version", "called_off", "effective_at", "ended_at", "ending_reason"),
    "agreement_price": (),
    "agreement_signature": (),
    "agreement_call_off": (),
}


def keep(table: str, *but: str) -> str:
    """The statement that lets the database refuse any other change of the table's rows."""
    columns = ", ".join(f"'{column}'" for column in but)
    return (
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_as_written({columns})"
    )


class Migration(migrations.Migration):
    dependencies = [("models", "0010_attachments")]

    initial = False

    operations = [
        ops.CreateModel(
            name="FrameworkAgreement",
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
                        related_name="agreements_as_buyer",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "supplier",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="supplier_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="agreements_as_supplier",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "proposed_by",
                    fields.CharEnumField(
                        description="BUYER: BUYER\nSUPPLIER: SUPPLIER\nPLATFORM: PLATFORM\nCLOCK: CLOCK",
                        enum_type=Side,
                        max_length=8,
                    ),
                ),
                ("proposer_name", fields.CharField(max_length=120)),
                (
                    "status",
                    fields.CharEnumField(
                        default=AgreementStatus.PROPOSED,
                        description="PROPOSED: PROPOSED\nPARTIALLY_SIGNED: PARTIALLY_SIGNED\nACTIVE: ACTIVE\nEXPIRED: EXPIRED\nTERMINATED: TERMINATED\nREFUSED: REFUSED",
                        enum_type=AgreementStatus,
                        max_length=20,
                    ),
                ),
                (
                    "turn",
                    fields.CharEnumField(
                        null=True,
                        description="BUYER: BUYER\nSUPPLIER: SUPPLIER\nPLATFORM: PLATFORM\nCLOCK: CLOCK",
                        enum_type=Side,
                        max_length=8,
                    ),
                ),
                ("version", fields.IntField(default=0)),
                (
                    "currency",
                    fields.CharEnumField(
                        description="CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD",
                        enum_type=Currency,
                        max_length=3,
                    ),
                ),
                ("valid_from", fields.DateField()),
                ("valid_to", fields.DateField()),
                ("order_limit", fields.DecimalField(max_digits=20, decimal_places=2)),
                ("total_limit", fields.DecimalField(max_digits=20, decimal_places=2)),
                ("called_off", fields.DecimalField(default=Decimal("0"), max_digits=20, decimal_places=2)),
                ("payment_net_days", fields.IntField()),
                ("remark", fields.CharField(null=True, max_length=2000)),
                ("text", fields.TextField(unique=False)),
                ("sha256", fields.CharField(max_length=64)),
                ("sign_by", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("effective_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("ending_reason", fields.CharField(null=True, max_length=1000)),
            ],
            options={
                "table": "framework_agreement",
                "app": "models",
                "indexes": [Index(fields=["buyer_id", "supplier_id", "status"]), Index(fields=["status", "valid_to"])],
                "pk_attr": "id",
                "table_description": "A contract under which later orders up to its limits need no signature; a trigger refuses any change of what was signed.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="FrameworkAgreement",
            constraint=CheckConstraint(check="buyer_id <> supplier_id", name="agreement_two_parties"),
        ),
        ops.AddConstraint(
            model_name="FrameworkAgreement",
            constraint=CheckConstraint(check="valid_from <= valid_to", name="agreement_period"),
        ),
        ops.AddConstraint(
            model_name="FrameworkAgreement",
            constraint=CheckConstraint(check="order_limit > 0 AND order_limit <= total_limit", name="agreement_limits"),
        ),
        ops.AddConstraint(
            model_name="FrameworkAgreement",
            constraint=CheckConstraint(
                check="called_off >= 0 AND called_off <= total_limit", name="agreement_not_exceeded"
            ),
        ),
        ops.CreateModel(
            name="AgreementCallOff",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "agreement",
                    fields.ForeignKeyField(
                        "models.FrameworkAgreement",
                        source_field="agreement_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="call_offs",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="call_offs",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("amount", fields.DecimalField(max_digits=20, decimal_places=2)),
                (
                    "currency",
                    fields.CharEnumField(
                        description="CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD",
                        enum_type=Currency,
                        max_length=3,
                    ),
                ),
            ],
            options={
                "table": "agreement_call_off",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What an order took of an agreement's total, or gave back (less than zero); rows are added, never changed.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="AgreementCallOff",
            constraint=CheckConstraint(check="amount <> 0", name="agreement_call_off_amount"),
        ),
        ops.CreateModel(
            name="AgreementPrice",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "agreement",
                    fields.ForeignKeyField(
                        "models.FrameworkAgreement",
                        source_field="agreement_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="prices",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
                (
                    "product",
                    fields.ForeignKeyField(
                        "models.Product",
                        source_field="product_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="agreed_prices",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("sku", fields.CharField(max_length=64)),
                ("name_zh", fields.CharField(max_length=200)),
                ("name_en", fields.CharField(max_length=200)),
                (
                    "unit",
                    fields.CharEnumField(
                        description="H87: H87\nSET: SET\nPR: PR\nDZN: DZN\nCEN: CEN\nMIL: MIL\nKGM: KGM\nGRM: GRM\nTNE: TNE\nMTR: MTR\nCMT: CMT\nMMT: MMT\nKMT: KMT\nMTK: MTK\nMTQ: MTQ\nLTR: LTR\nMLT: MLT\nKWH: KWH\nHUR: HUR\nDAY: DAY\nXBX: XBX\nXCT: XCT\nXPX: XPX\nXRO: XRO\nXBG: XBG\nXBO: XBO\nXDR: XDR",
                        enum_type=Unit,
                        max_length=3,
                    ),
                ),
                ("unit_price", fields.DecimalField(max_digits=20, decimal_places=6)),
                ("minimum_quantity", fields.DecimalField(max_digits=20, decimal_places=6)),
            ],
            options={
                "table": "agreement_price",
                "app": "models",
                "unique_together": (("agreement", "product", "minimum_quantity"),),
                "pk_attr": "id",
                "table_description": "What one unit of a product costs at most under the agreement, from a quantity on.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="AgreementPrice",
            constraint=CheckConstraint(
                check="unit_price >= 0 AND minimum_quantity >= 0", name="agreement_price_amounts"
            ),
        ),
        ops.CreateModel(
            name="AgreementSignature",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "side",
                    fields.CharEnumField(
                        description="BUYER: BUYER\nSUPPLIER: SUPPLIER\nPLATFORM: PLATFORM\nCLOCK: CLOCK",
                        enum_type=Side,
                        max_length=8,
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
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
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
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("signatory_name", fields.CharField(max_length=120)),
                ("statement", fields.TextField(unique=False)),
                ("algorithm", fields.CharField(max_length=16)),
                ("key_id", fields.CharField(max_length=64)),
                ("public_key", fields.CharField(max_length=64)),
                ("value", fields.CharField(max_length=128)),
                (
                    "trust_level",
                    fields.CharEnumField(
                        description="PLATFORM_KEY: PLATFORM_KEY\nPLATFORM_CA: PLATFORM_CA\nREGISTERED_CERTIFICATE: REGISTERED_CERTIFICATE\nEXTERNAL_CA: EXTERNAL_CA",
                        enum_type=TrustLevel,
                        max_length=20,
                    ),
                ),
                (
                    "agreement",
                    fields.ForeignKeyField(
                        "models.FrameworkAgreement",
                        source_field="agreement_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="signatures",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "agreement_signature",
                "app": "models",
                "unique_together": (("agreement", "side"),),
                "pk_attr": "id",
                "table_description": "One side's signature over an agreement.",
            },
            bases=["SignatureOver"],
        ),
        ops.AddField(
            model_name="Approval",
            name="under_agreement",
            field=fields.BooleanField(default=True),
        ),
        ops.AddField(
            model_name="Contract",
            name="agreement",
            field=fields.ForeignKeyField(
                "models.FrameworkAgreement",
                source_field="agreement_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="contracts",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Contract",
            name="agreement_gap",
            field=fields.CharEnumField(
                null=True,
                description="OUT_OF_PERIOD: OUT_OF_PERIOD\nOTHER_CURRENCY: OTHER_CURRENCY\nOTHER_PAYMENT_TERMS: OTHER_PAYMENT_TERMS\nPRICE_ABOVE_AGREED: PRICE_ABOVE_AGREED\nABOVE_ORDER_LIMIT: ABOVE_ORDER_LIMIT\nABOVE_TOTAL_LIMIT: ABOVE_TOTAL_LIMIT",
                enum_type=CoverageGap,
                max_length=24,
            ),
        ),
        ops.AddIndex(
            model_name="Contract",
            index=Index(fields=["agreement_id"]),
        ),
        ops.AlterField(
            model_name="Event",
            name="kind",
            field=fields.CharEnumField(
                description="ORDER_CREATED: ORDER_CREATED\nDRAFT_UPDATED: DRAFT_UPDATED\nORDER_SUBMITTED: ORDER_SUBMITTED\nORDER_RETURNED: ORDER_RETURNED\nORDER_WITHDRAWN: ORDER_WITHDRAWN\nORDER_PLACED: ORDER_PLACED\nBUYER_ASKED: BUYER_ASKED\nSUPPLIER_ANSWERED: SUPPLIER_ANSWERED\nQUOTATION_SENT: QUOTATION_SENT\nQUOTATION_WITHDRAWN: QUOTATION_WITHDRAWN\nORDER_REJECTED: ORDER_REJECTED\nQUOTATION_COUNTERED: QUOTATION_COUNTERED\nQUOTATION_DECLINED: QUOTATION_DECLINED\nQUOTATION_ACCEPTED: QUOTATION_ACCEPTED\nQUOTATION_EXPIRED: QUOTATION_EXPIRED\nCONTRACT_SIGNED: CONTRACT_SIGNED\nCONTRACT_REFUSED: CONTRACT_REFUSED\nCONTRACT_LAPSED: CONTRACT_LAPSED\nORDER_CANCELLED: ORDER_CANCELLED\nDEADLINE_EXTENDED: DEADLINE_EXTENDED\nMESSAGE_POSTED: MESSAGE_POSTED\nTALK_LOGGED: TALK_LOGGED\nFILE_ATTACHED: FILE_ATTACHED\nFILE_DETACHED: FILE_DETACHED\nSHIPMENT_DESPATCHED: SHIPMENT_DESPATCHED\nSHIPMENT_TRACKED: SHIPMENT_TRACKED\nSHIPMENT_RECEIVED: SHIPMENT_RECEIVED\nINVOICE_ISSUED: INVOICE_ISSUED\nINVOICE_ACCEPTED: INVOICE_ACCEPTED\nINVOICE_DISPUTED: INVOICE_DISPUTED\nPAYMENT_SUBMITTED: PAYMENT_SUBMITTED\nPAYMENT_REJECTED: PAYMENT_REJECTED\nFUNDS_CONFIRMED: FUNDS_CONFIRMED\nAGREEMENT_PROPOSED: AGREEMENT_PROPOSED\nAGREEMENT_SIGNED: AGREEMENT_SIGNED\nAGREEMENT_REFUSED: AGREEMENT_REFUSED\nAGREEMENT_CALLED_OFF: AGREEMENT_CALLED_OFF\nAGREEMENT_RESTORED: AGREEMENT_RESTORED\nAGREEMENT_TERMINATED: AGREEMENT_TERMINATED\nAGREEMENT_EXPIRED: AGREEMENT_EXPIRED\nAPPROVAL_REQUESTED: APPROVAL_REQUESTED\nAPPROVAL_VOTED: APPROVAL_VOTED\nAPPROVAL_DECIDED: APPROVAL_DECIDED\nAPPROVAL_RULE_CHANGED: APPROVAL_RULE_CHANGED\nCOMPANY_REGISTERED: COMPANY_REGISTERED\nCOMPANY_REVIEWED: COMPANY_REVIEWED\nCOMPANY_CHANGED: COMPANY_CHANGED\nENQUIRY_CREATED: ENQUIRY_CREATED\nENQUIRY_UPDATED: ENQUIRY_UPDATED\nENQUIRY_ISSUED: ENQUIRY_ISSUED\nSUPPLIER_INVITED: SUPPLIER_INVITED\nINVITATION_WITHDRAWN: INVITATION_WITHDRAWN\nENQUIRY_EXTENDED: ENQUIRY_EXTENDED\nENQUIRY_CLOSED: ENQUIRY_CLOSED\nENQUIRY_AWARDED: ENQUIRY_AWARDED\nENQUIRY_CANCELLED: ENQUIRY_CANCELLED",
                enum_type=EventKind,
                max_length=32,
            ),
        ),
        ops.AlterField(
            model_name="Event",
            name="topic",
            field=fields.CharEnumField(
                description="ORDER: ORDER\nAGREEMENT: AGREEMENT\nAPPROVAL: APPROVAL\nCOMPANY: COMPANY\nENQUIRY: ENQUIRY",
                enum_type=Topic,
                max_length=16,
            ),
        ),
        ops.AlterModelOptions(
            name="Signature",
            options={
                "table": "signature",
                "app": "models",
                "unique_together": (("contract", "side"),),
                "pk_attr": "id",
                "table_description": "One side's signature over a contract.",
            },
        ),
        ops.RunSQL(
            [keep(table, *but) for table, but in KEPT.items()],
            reverse_sql=[f"DROP TRIGGER {table}_kept ON {table}" for table in KEPT],
        ),
    ]
