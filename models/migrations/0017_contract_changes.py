"""A contract in force may have a next version, of which one at most is open and one in force."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from rules.contract import ContractStatus
from rules.events import EventKind
from rules.lifecycle import Amendment, OrderStatus, Side
from rules.quantity import Movement
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0016_negotiation")]

    initial = False

    operations = [
        ops.AlterField(
            model_name="Contract",
            name="status",
            field=fields.CharEnumField(
                default=ContractStatus.DRAFT,
                description="DRAFT: DRAFT\nPARTIALLY_SIGNED: PARTIALLY_SIGNED\nEFFECTIVE: EFFECTIVE\nFULFILLED: FULFILLED\nSUPERSEDED: SUPERSEDED\nTERMINATED: TERMINATED\nVOID: VOID",
                enum_type=ContractStatus,
                max_length=20,
            ),
        ),
        ops.AddField(
            model_name="Contract",
            name="change_reason",
            field=fields.CharField(null=True, max_length=1000),
        ),
        ops.AddField(
            model_name="Contract",
            name="proposed_by",
            field=fields.CharEnumField(
                null=True,
                description="BUYER: BUYER\nSUPPLIER: SUPPLIER\nPLATFORM: PLATFORM\nCLOCK: CLOCK",
                enum_type=Side,
                max_length=8,
            ),
        ),
        ops.AddField(
            model_name="Contract",
            name="supersedes",
            field=fields.ForeignKeyField(
                "models.Contract",
                source_field="supersedes_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="superseding",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddIndex(
            model_name="Contract",
            index=Index(fields=["supersedes_id"]),
        ),
        ops.AddConstraint(
            model_name="Contract",
            constraint=UniqueConstraint(
                fields=("order_id",),
                name="contract_one_open",
                condition="status = 'DRAFT' OR status = 'PARTIALLY_SIGNED'",
            ),
        ),
        ops.AddConstraint(
            model_name="Contract",
            constraint=UniqueConstraint(
                fields=("order_id",),
                name="contract_one_in_force",
                condition="status = 'EFFECTIVE' OR status = 'FULFILLED'",
            ),
        ),
        ops.AlterField(
            model_name="Event",
            name="kind",
            field=fields.CharEnumField(
                description="ORDER_CREATED: ORDER_CREATED\nDRAFT_UPDATED: DRAFT_UPDATED\nORDER_SUBMITTED: ORDER_SUBMITTED\nORDER_RETURNED: ORDER_RETURNED\nORDER_WITHDRAWN: ORDER_WITHDRAWN\nORDER_PLACED: ORDER_PLACED\nBUYER_ASKED: BUYER_ASKED\nSUPPLIER_ANSWERED: SUPPLIER_ANSWERED\nQUOTATION_SENT: QUOTATION_SENT\nQUOTATION_WITHDRAWN: QUOTATION_WITHDRAWN\nORDER_REJECTED: ORDER_REJECTED\nQUOTATION_COUNTERED: QUOTATION_COUNTERED\nQUOTATION_DECLINED: QUOTATION_DECLINED\nQUOTATION_ACCEPTED: QUOTATION_ACCEPTED\nQUOTATION_EXPIRED: QUOTATION_EXPIRED\nCONTRACT_SIGNED: CONTRACT_SIGNED\nCONTRACT_REFUSED: CONTRACT_REFUSED\nCONTRACT_LAPSED: CONTRACT_LAPSED\nCONTRACT_CHANGE_PROPOSED: CONTRACT_CHANGE_PROPOSED\nCONTRACT_CHANGE_AGREED: CONTRACT_CHANGE_AGREED\nCONTRACT_CHANGE_REFUSED: CONTRACT_CHANGE_REFUSED\nCONTRACT_CHANGE_WITHDRAWN: CONTRACT_CHANGE_WITHDRAWN\nCONTRACT_CHANGE_LAPSED: CONTRACT_CHANGE_LAPSED\nTERMINATION_PROPOSED: TERMINATION_PROPOSED\nTERMINATION_REFUSED: TERMINATION_REFUSED\nORDER_TERMINATED: ORDER_TERMINATED\nORDER_CANCELLED: ORDER_CANCELLED\nDEADLINE_EXTENDED: DEADLINE_EXTENDED\nMESSAGE_POSTED: MESSAGE_POSTED\nTALK_LOGGED: TALK_LOGGED\nFILE_ATTACHED: FILE_ATTACHED\nFILE_DETACHED: FILE_DETACHED\nSHIPMENT_DESPATCHED: SHIPMENT_DESPATCHED\nSHIPMENT_TRACKED: SHIPMENT_TRACKED\nSHIPMENT_RECEIVED: SHIPMENT_RECEIVED\nINVOICE_ISSUED: INVOICE_ISSUED\nINVOICE_ACCEPTED: INVOICE_ACCEPTED\nINVOICE_DISPUTED: INVOICE_DISPUTED\nPAYMENT_SUBMITTED: PAYMENT_SUBMITTED\nPAYMENT_REJECTED: PAYMENT_REJECTED\nFUNDS_CONFIRMED: FUNDS_CONFIRMED\nAGREEMENT_PROPOSED: AGREEMENT_PROPOSED\nAGREEMENT_SIGNED: AGREEMENT_SIGNED\nAGREEMENT_REFUSED: AGREEMENT_REFUSED\nAGREEMENT_CALLED_OFF: AGREEMENT_CALLED_OFF\nAGREEMENT_RESTORED: AGREEMENT_RESTORED\nAGREEMENT_TERMINATED: AGREEMENT_TERMINATED\nAGREEMENT_EXPIRED: AGREEMENT_EXPIRED\nAPPROVAL_REQUESTED: APPROVAL_REQUESTED\nAPPROVAL_VOTED: APPROVAL_VOTED\nAPPROVAL_ESCALATED: APPROVAL_ESCALATED\nAPPROVAL_DECIDED: APPROVAL_DECIDED\nPLATFORM_REVIEW_REQUESTED: PLATFORM_REVIEW_REQUESTED\nDELEGATION_GIVEN: DELEGATION_GIVEN\nDELEGATION_REVOKED: DELEGATION_REVOKED\nAPPROVAL_RULE_CHANGED: APPROVAL",
                enum_type=EventKind,
                max_length=32,
            ),
        ),
        ops.AlterField(
            model_name="Order",
            name="status",
            field=fields.CharEnumField(
                default=OrderStatus.DRAFT,
                description="DRAFT: DRAFT\nPENDING_APPROVAL: PENDING_APPROVAL\nPENDING_SUPPLIER: PENDING_SUPPLIER\nPENDING_BUYER: PENDING_BUYER\nNEGOTIATING: NEGOTIATING\nPENDING_SIGNATURE: PENDING_SIGNATURE\nCONTRACTED: CONTRACTED\nCOMPLETED: COMPLETED\nREJECTED: REJECTED\nDECLINED: DECLINED\nEXPIRED: EXPIRED\nCANCELLED: CANCELLED\nTERMINATED: TERMINATED",
                enum_type=OrderStatus,
                max_length=24,
            ),
        ),
        ops.AddField(
            model_name="Order",
            name="amendment",
            field=fields.CharEnumField(
                null=True,
                description="CHANGE_PROPOSED: CHANGE_PROPOSED\nCHANGE_AGREED: CHANGE_AGREED\nTERMINATION_PROPOSED: TERMINATION_PROPOSED",
                enum_type=Amendment,
                max_length=24,
            ),
        ),
        ops.AlterField(
            model_name="QuantityEntry",
            name="movement",
            field=fields.CharEnumField(
                description="ORDERED: ORDERED\nCANCELLED: CANCELLED\nDESPATCHED: DESPATCHED\nACCEPTED: ACCEPTED\nREJECTED: REJECTED\nSHORT: SHORT\nINVOICED: INVOICED\nCREDITED: CREDITED",
                enum_type=Movement,
                max_length=16,
            ),
        ),
    ]
