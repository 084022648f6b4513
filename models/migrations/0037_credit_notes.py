"""Credit notes, under gapless numbers of their own; all of them together take back no more than was invoiced (0133)."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from rules.accounts import Excess
from rules.billing import BillingDocument, InvoiceStatus
from rules.events import EventKind
from rules.money import Currency
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

KEPT = {"credit_note": (), "credit_note_line": ()}
KEEP = [
    f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION keep_as_written()"
    for table in KEPT
]

# Two who credit the same line wait for each other here, whatever else they have locked. An allowance is below zero, and so is its credit.
CHECK_CREDITED = """
CREATE FUNCTION check_credited() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken uuid;
BEGIN
    PERFORM 1 FROM invoice_line WHERE id IN (SELECT invoice_line_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    SELECT l.id INTO broken FROM invoice_line l JOIN (
        SELECT invoice_line_id, sum(quantity) AS quantity, sum(net) AS net, sum(tax) AS tax FROM credit_note_line
        WHERE invoice_line_id IN (SELECT invoice_line_id FROM added) GROUP BY invoice_line_id
    ) c ON c.invoice_line_id = l.id
    WHERE c.quantity NOT BETWEEN 0 AND l.quantity
        OR c.net NOT BETWEEN least(l.net, 0) AND greatest(l.net, 0)
        OR c.tax NOT BETWEEN least(l.tax, 0) AND greatest(l.tax, 0) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'more of invoice line % would be credited than was invoiced', broken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_note_line_credited';
    END IF;
    RETURN NULL;
END $$
"""
CHECKED = (
    "CREATE TRIGGER credit_note_line_checked AFTER INSERT ON credit_note_line REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION check_credited()"
)


class Migration(migrations.Migration):
    dependencies = [("models", "0028_event_kinds_of_delivery")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CreditNote",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("number", fields.CharField(max_length=16)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="credit_notes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "invoice",
                    fields.ForeignKeyField(
                        "models.Invoice",
                        source_field="invoice_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="credit_notes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "supplier",
                    fields.ForeignKeyField(
                        "models.Company",
                        source_field="supplier_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="credit_notes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "return_request",
                    fields.ForeignKeyField(
                        "models.ReturnRequest",
                        source_field="return_request_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="credit_notes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "currency",
                    fields.CharEnumField(
                        description="CNY: CNY\nUSD: USD\nEUR: EUR\nHKD: HKD\nJPY: JPY\nGBP: GBP\nSGD: SGD",
                        enum_type=Currency,
                        max_length=3,
                    ),
                ),
                ("net", fields.DecimalField(max_digits=20, decimal_places=2)),
                ("tax", fields.DecimalField(max_digits=20, decimal_places=2)),
                ("total", fields.DecimalField(max_digits=20, decimal_places=2)),
                ("issued_on", fields.DateField()),
                ("reason", fields.CharField(max_length=1000)),
                (
                    "excess",
                    fields.CharEnumField(
                        description="REFUND: REFUND\nCREDIT_BALANCE: CREDIT_BALANCE", enum_type=Excess, max_length=16
                    ),
                ),
            ],
            options={
                "table": "credit_note",
                "app": "models",
                "unique_together": (("supplier", "number"),),
                "pk_attr": "id",
                "table_description": "What a supplier takes back of one of its invoices (UBL CreditNote, UNTDID 1001: 381); never edited, never deleted.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="CreditNote",
            constraint=CheckConstraint(check="total = net + tax AND total >= 0", name="credit_note_total"),
        ),
        ops.CreateModel(
            name="CreditNoteLine",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "credit_note",
                    fields.ForeignKeyField(
                        "models.CreditNote",
                        source_field="credit_note_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "invoice_line",
                    fields.ForeignKeyField(
                        "models.InvoiceLine",
                        source_field="invoice_line_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="credit_note_lines",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
                ("quantity", fields.DecimalField(max_digits=20, decimal_places=6)),
                ("net", fields.DecimalField(max_digits=20, decimal_places=2)),
                ("tax", fields.DecimalField(max_digits=20, decimal_places=2)),
            ],
            options={
                "table": "credit_note_line",
                "app": "models",
                "unique_together": (("credit_note", "position"),),
                "pk_attr": "id",
                "table_description": "How much of an invoice line; no quantity where only its amount becomes less.",
            },
            bases=["Stored"],
        ),
        ops.AlterField(
            model_name="Event",
            name="kind",
            field=fields.CharEnumField(
                description="ORDER_CREATED: ORDER_CREATED\nDRAFT_UPDATED: DRAFT_UPDATED\nORDER_SUBMITTED: ORDER_SUBMITTED\nORDER_RETURNED: ORDER_RETURNED\nORDER_WITHDRAWN: ORDER_WITHDRAWN\nORDER_PLACED: ORDER_PLACED\nBUYER_ASKED: BUYER_ASKED\nSUPPLIER_ANSWERED: SUPPLIER_ANSWERED\nQUOTATION_SENT: QUOTATION_SENT\nQUOTATION_WITHDRAWN: QUOTATION_WITHDRAWN\nORDER_REJECTED: ORDER_REJECTED\nQUOTATION_COUNTERED: QUOTATION_COUNTERED\nQUOTATION_DECLINED: QUOTATION_DECLINED\nQUOTATION_ACCEPTED: QUOTATION_ACCEPTED\nQUOTATION_EXPIRED: QUOTATION_EXPIRED\nCONTRACT_SIGNED: CONTRACT_SIGNED\nCONTRACT_REFUSED: CONTRACT_REFUSED\nCONTRACT_LAPSED: CONTRACT_LAPSED\nCONTRACT_CHANGE_PROPOSED: CONTRACT_CHANGE_PROPOSED\nCONTRACT_CHANGE_AGREED: CONTRACT_CHANGE_AGREED\nCONTRACT_CHANGE_REFUSED: CONTRACT_CHANGE_REFUSED\nCONTRACT_CHANGE_WITHDRAWN: CONTRACT_CHANGE_WITHDRAWN\nCONTRACT_CHANGE_LAPSED: CONTRACT_CHANGE_LAPSED\nTERMINATION_PROPOSED: TERMINATION_PROPOSED\nTERMINATION_REFUSED: TERMINATION_REFUSED\nORDER_TERMINATED: ORDER_TERMINATED\nORDER_CANCELLED: ORDER_CANCELLED\nDEADLINE_EXTENDED: DEADLINE_EXTENDED\nMESSAGE_POSTED: MESSAGE_POSTED\nTALK_LOGGED: TALK_LOGGED\nMESSAGES_READ: MESSAGES_READ\nFILE_ATTACHED: FILE_ATTACHED\nFILE_DETACHED: FILE_DETACHED\nSHIPMENT_DESPATCHED: SHIPMENT_DESPATCHED\nSHIPMENT_TRACKED: SHIPMENT_TRACKED\nSHIPMENT_DELAYED: SHIPMENT_DELAYED\nSHIPMENT_INSPECTED: SHIPMENT_INSPECTED\nSHIPMENT_RECEIVED: SHIPMENT_RECEIVED\nRECEIPT_REVERSED: RECEIPT_REVERSED\nACCEPTANCE_NEAR: ACCEPTANCE_NEAR\nSHIPMENT_DISPUTED: SHIPMENT_DISPUTED\nSHIPMENT_DISPUTE_CLOSED: SHIPMENT_DISPUTE_CLOSED\nSHIPMENT_CANCELLED: SHIPMENT_CANCELLED\nRETURN_REQUESTED: RETURN_REQUESTED\nRETURN_APPROVED: RETURN_APPROVED\nRETURN_REJECTED: RETURN_REJECTED\nRETURN_DISPUTED: RETURN_DISPUTED\nRETURN_ARBITRATED: RETURN_ARBITRATED\nRETURN_SHIPPED_BACK: RETURN_SHIPPED_BACK\nRETURN_TAKEN_BACK: RETURN_TAKEN_BACK\nRETURN_RESOLVED: RETURN_RESOLVED\nRETURN_CANCELLED: RETURN_CANCELLED\nINVOICE_ISSUED: INVOICE_ISSUED\nINVOICE_ACCEPTED: INVOICE_ACCEPTED\nINVOICE_DISPUTED: INVOICE_DISPUTED\nCREDIT_NOTE_ISSUED: CREDIT_NOTE_ISSUED\nPAYMENT_SUBMITTED: PAYMENT_S",
                enum_type=EventKind,
                max_length=32,
            ),
        ),
        ops.AlterField(
            model_name="Invoice",
            name="status",
            field=fields.CharEnumField(
                default=InvoiceStatus.ISSUED,
                description="ISSUED: ISSUED\nACCEPTED: ACCEPTED\nDISPUTED: DISPUTED\nCREDITED: CREDITED",
                enum_type=InvoiceStatus,
                max_length=16,
            ),
        ),
        ops.RemoveConstraint(
            model_name="InvoiceSeries",
            name=None,
            fields=["supplier", "year"],
        ),
        ops.AlterModelOptions(
            name="InvoiceSeries",
            options={
                "table": "invoice_series",
                "app": "models",
                "unique_together": (("supplier", "year", "document"),),
                "pk_attr": "id",
                "table_description": "The newest ordinal a supplier used in a year for one kind of document; its row lock makes numbers gapless, as the law wants.",
            },
        ),
        ops.AddField(
            model_name="InvoiceSeries",
            name="document",
            field=fields.CharEnumField(
                default=BillingDocument.INVOICE,
                description="INVOICE: INVOICE\nCREDIT_NOTE: CREDIT_NOTE",
                enum_type=BillingDocument,
                max_length=12,
            ),
        ),
        ops.AddConstraint(
            model_name="InvoiceSeries",
            constraint=UniqueConstraint(fields=("supplier", "year", "document"), name=None),
        ),
        ops.RunSQL(KEEP, reverse_sql=ops.RunSQL.noop),
        ops.RunSQL(CHECK_CREDITED, reverse_sql="DROP FUNCTION check_credited() CASCADE"),
        ops.RunSQL(CHECKED, reverse_sql=ops.RunSQL.noop),
    ]
