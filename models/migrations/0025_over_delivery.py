"""More may be delivered than is agreed, up to a share; and the database keeps the quantity ledger's inequalities itself (0115)."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from decimal import Decimal
from rules.events import EventKind
from rules.quantity import Movement
from rules.shipping import ShipmentStatus
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

# Writers of the same line wait for each other here, whatever else they have locked: sums that two transactions read apart from each
# other prove nothing. Each inequality has a name of its own, so that whoever meets one knows which.
CHECK_LEDGER = """
CREATE FUNCTION check_quantity_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken record;
BEGIN
    PERFORM 1 FROM order_line WHERE id IN (SELECT order_line_id FROM added) ORDER BY id FOR NO KEY UPDATE;
    SELECT l.order_line_id, b.name INTO broken
    FROM (
        SELECT order_line_id,
            coalesce(sum(quantity) FILTER (WHERE movement = 'ORDERED'), 0) AS ordered,
            coalesce(sum(quantity) FILTER (WHERE movement = 'CANCELLED'), 0) AS cancelled,
            coalesce(sum(quantity) FILTER (WHERE movement = 'DESPATCHED'), 0) AS despatched,
            coalesce(sum(quantity) FILTER (WHERE movement = 'ACCEPTED'), 0) AS accepted,
            coalesce(sum(quantity) FILTER (WHERE movement = 'REJECTED'), 0) AS rejected,
            coalesce(sum(quantity) FILTER (WHERE movement = 'SHORT'), 0) AS short,
            coalesce(sum(quantity) FILTER (WHERE movement = 'INVOICED'), 0) AS invoiced,
            coalesce(sum(quantity) FILTER (WHERE movement = 'CREDITED'), 0) AS credited,
            coalesce(sum(quantity) FILTER (WHERE movement = 'RETURNED'), 0) AS returned,
            coalesce(sum(quantity) FILTER (WHERE movement = 'RETURNED_REJECTED'), 0) AS returned_rejected,
            coalesce(sum(quantity) FILTER (WHERE movement = 'REPLACED'), 0) AS replaced
        FROM quantity_entry WHERE order_line_id IN (SELECT order_line_id FROM added) GROUP BY order_line_id
    ) l
    CROSS JOIN LATERAL (
        SELECT coalesce(max(c.over_delivery_tolerance), 0) AS tolerance
        FROM contract_line c JOIN contract k ON k.id = c.contract_id
        WHERE c.order_line_id = l.order_line_id AND k.status IN ('EFFECTIVE', 'FULFILLED')
    ) t
    CROSS JOIN LATERAL (VALUES
        ('quantity_never_negative', least(ordered, cancelled, despatched, accepted, rejected, short, invoiced, credited,
            returned, returned_rejected, replaced) >= 0),
        ('quantity_cancelled', cancelled <= ordered),
        ('quantity_despatched', despatched - short <= (ordered - cancelled + replaced) * (1 + tolerance)),
        ('quantity_received', accepted + rejected + short <= despatched),
        ('quantity_returned', returned <= accepted AND returned_rejected <= rejected),
        ('quantity_replaced', replaced <= returned + returned_rejected),
        ('quantity_invoiced', invoiced - credited <= accepted),
        ('quantity_credited', credited <= invoiced)
    ) AS b (name, holds)
    WHERE NOT b.holds LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the quantities of order line % do not add up: %', broken.order_line_id, broken.name
            USING ERRCODE = 'check_violation', CONSTRAINT = broken.name;
    END IF;
    RETURN NULL;
END $$
"""
CHECKED = (
    "CREATE TRIGGER quantity_entry_checked AFTER INSERT ON quantity_entry REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION check_quantity_ledger()"
)


class Migration(migrations.Migration):
    dependencies = [("models", "0024_carriers")]

    initial = False

    operations = [
        ops.AddField(
            model_name="ContractLine",
            name="over_delivery_tolerance",
            field=fields.DecimalField(default=Decimal("0"), max_digits=7, decimal_places=6),
        ),
        ops.AddConstraint(
            model_name="ContractLine",
            constraint=CheckConstraint(check="over_delivery_tolerance BETWEEN 0 AND 1", name="contract_line_tolerance"),
        ),
        ops.AlterField(
            model_name="Event",
            name="kind",
            field=fields.CharEnumField(
                description="ORDER_CREATED: ORDER_CREATED\nDRAFT_UPDATED: DRAFT_UPDATED\nORDER_SUBMITTED: ORDER_SUBMITTED\nORDER_RETURNED: ORDER_RETURNED\nORDER_WITHDRAWN: ORDER_WITHDRAWN\nORDER_PLACED: ORDER_PLACED\nBUYER_ASKED: BUYER_ASKED\nSUPPLIER_ANSWERED: SUPPLIER_ANSWERED\nQUOTATION_SENT: QUOTATION_SENT\nQUOTATION_WITHDRAWN: QUOTATION_WITHDRAWN\nORDER_REJECTED: ORDER_REJECTED\nQUOTATION_COUNTERED: QUOTATION_COUNTERED\nQUOTATION_DECLINED: QUOTATION_DECLINED\nQUOTATION_ACCEPTED: QUOTATION_ACCEPTED\nQUOTATION_EXPIRED: QUOTATION_EXPIRED\nCONTRACT_SIGNED: CONTRACT_SIGNED\nCONTRACT_REFUSED: CONTRACT_REFUSED\nCONTRACT_LAPSED: CONTRACT_LAPSED\nCONTRACT_CHANGE_PROPOSED: CONTRACT_CHANGE_PROPOSED\nCONTRACT_CHANGE_AGREED: CONTRACT_CHANGE_AGREED\nCONTRACT_CHANGE_REFUSED: CONTRACT_CHANGE_REFUSED\nCONTRACT_CHANGE_WITHDRAWN: CONTRACT_CHANGE_WITHDRAWN\nCONTRACT_CHANGE_LAPSED: CONTRACT_CHANGE_LAPSED\nTERMINATION_PROPOSED: TERMINATION_PROPOSED\nTERMINATION_REFUSED: TERMINATION_REFUSED\nORDER_TERMINATED: ORDER_TERMINATED\nORDER_CANCELLED: ORDER_CANCELLED\nDEADLINE_EXTENDED: DEADLINE_EXTENDED\nMESSAGE_POSTED: MESSAGE_POSTED\nTALK_LOGGED: TALK_LOGGED\nMESSAGES_READ: MESSAGES_READ\nFILE_ATTACHED: FILE_ATTACHED\nFILE_DETACHED: FILE_DETACHED\nSHIPMENT_DESPATCHED: SHIPMENT_DESPATCHED\nSHIPMENT_TRACKED: SHIPMENT_TRACKED\nSHIPMENT_RECEIVED: SHIPMENT_RECEIVED\nSHIPMENT_CANCELLED: SHIPMENT_CANCELLED\nINVOICE_ISSUED: INVOICE_ISSUED\nINVOICE_ACCEPTED: INVOICE_ACCEPTED\nINVOICE_DISPUTED: INVOICE_DISPUTED\nPAYMENT_SUBMITTED: PAYMENT_SUBMITTED\nPAYMENT_REJECTED: PAYMENT_REJECTED\nFUNDS_CONFIRMED: FUNDS_CONFIRMED\nAGREEMENT_PROPOSED: AGREEMENT_PROPOSED\nAGREEMENT_SIGNED: AGREEMENT_SIGNED\nAGREEMENT_REFUSED: AGREEMENT_REFUSED\nAGREEMENT_CALLED_OFF: AGREEMENT_CALLED_OFF\nAGREEMENT_RESTORED: AGREEMENT_RESTORED\nAGREEMENT_TERMINATED: AGREEMENT_TERMINATED\nAGREEMENT_EXPIRED: AGREEMENT_EXPIRED\nAPPROVAL_REQUESTED: APPROVAL_REQUESTED\nAPPROVAL_VOTED: APPROVAL_VOTED\nAPPROVAL_ESCALATED: APPROVAL_ESCALATED\nAPPROVAL_DECIDED: APPROVAL_DECIDED\nPLATFORM_REVIEW_REQUESTED: PLATFORM_REVIEW_REQUESTED\nDELEGATION_GIVEN: DELEGATION_GIVEN\nDE",
                enum_type=EventKind,
                max_length=32,
            ),
        ),
        ops.RemoveConstraint(
            model_name="QuantityEntry",
            name="quantity_entry_positive",
            fields=None,
        ),
        ops.AlterField(
            model_name="QuantityEntry",
            name="movement",
            field=fields.CharEnumField(
                description="ORDERED: ORDERED\nCANCELLED: CANCELLED\nDESPATCHED: DESPATCHED\nACCEPTED: ACCEPTED\nREJECTED: REJECTED\nSHORT: SHORT\nINVOICED: INVOICED\nCREDITED: CREDITED\nRETURNED: RETURNED\nRETURNED_REJECTED: RETURNED_REJECTED\nREPLACED: REPLACED",
                enum_type=Movement,
                max_length=20,
            ),
        ),
        ops.AddConstraint(
            model_name="QuantityEntry",
            constraint=CheckConstraint(check="quantity <> 0", name="quantity_entry_not_zero"),
        ),
        ops.AddField(
            model_name="QuotationLine",
            name="over_delivery_tolerance",
            field=fields.DecimalField(default=Decimal("0"), max_digits=7, decimal_places=6),
        ),
        ops.AddConstraint(
            model_name="QuotationLine",
            constraint=CheckConstraint(
                check="over_delivery_tolerance BETWEEN 0 AND 1", name="quotation_line_tolerance"
            ),
        ),
        ops.RemoveConstraint(
            model_name="Shipment",
            name=None,
            fields=["order", "carrier", "waybill"],
        ),
        ops.AlterField(
            model_name="Shipment",
            name="status",
            field=fields.CharEnumField(
                default=ShipmentStatus.DESPATCHED,
                description="DESPATCHED: DESPATCHED\nIN_TRANSIT: IN_TRANSIT\nEXCEPTION: EXCEPTION\nARRIVED: ARRIVED\nRECEIVED: RECEIVED\nCANCELLED: CANCELLED",
                enum_type=ShipmentStatus,
                max_length=16,
            ),
        ),
        ops.AddConstraint(
            model_name="Shipment",
            constraint=UniqueConstraint(
                fields=("order_id", "carrier", "waybill"),
                name="shipment_waybill_once",
                condition="status <> 'CANCELLED'",
            ),
        ),
        ops.RunSQL(CHECK_LEDGER, reverse_sql="DROP FUNCTION check_quantity_ledger() CASCADE"),
        ops.RunSQL(CHECKED, reverse_sql=ops.RunSQL.noop),
    ]
