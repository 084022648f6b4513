from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from rules.events import EventKind
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0012_quotation_terms")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Delegation",
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
                        related_name="delegations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "giver",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="giver_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="delegations_given",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "taker",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="taker_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="delegations_taken",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("valid_from", fields.DateField()),
                ("valid_to", fields.DateField()),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(default=0)),
            ],
            options={
                "table": "delegation",
                "app": "models",
                "pk_attr": "id",
                "table_description": "From the first day to the last, as dates at the company's place, the taker may answer where the giver is asked.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="Delegation",
            constraint=CheckConstraint(check="giver_id <> taker_id", name="delegation_to_another"),
        ),
        ops.AddConstraint(
            model_name="Delegation",
            constraint=CheckConstraint(check="valid_from <= valid_to", name="delegation_days"),
        ),
        ops.AlterField(
            model_name="Event",
            name="kind",
            field=fields.CharEnumField(
                description="ORDER_CREATED: ORDER_CREATED\nDRAFT_UPDATED: DRAFT_UPDATED\nORDER_SUBMITTED: ORDER_SUBMITTED\nORDER_RETURNED: ORDER_RETURNED\nORDER_WITHDRAWN: ORDER_WITHDRAWN\nORDER_PLACED: ORDER_PLACED\nBUYER_ASKED: BUYER_ASKED\nSUPPLIER_ANSWERED: SUPPLIER_ANSWERED\nQUOTATION_SENT: QUOTATION_SENT\nQUOTATION_WITHDRAWN: QUOTATION_WITHDRAWN\nORDER_REJECTED: ORDER_REJECTED\nQUOTATION_COUNTERED: QUOTATION_COUNTERED\nQUOTATION_DECLINED: QUOTATION_DECLINED\nQUOTATION_ACCEPTED: QUOTATION_ACCEPTED\nQUOTATION_EXPIRED: QUOTATION_EXPIRED\nCONTRACT_SIGNED: CONTRACT_SIGNED\nCONTRACT_REFUSED: CONTRACT_REFUSED\nCONTRACT_LAPSED: CONTRACT_LAPSED\nORDER_CANCELLED: ORDER_CANCELLED\nDEADLINE_EXTENDED: DEADLINE_EXTENDED\nMESSAGE_POSTED: MESSAGE_POSTED\nTALK_LOGGED: TALK_LOGGED\nFILE_ATTACHED: FILE_ATTACHED\nFILE_DETACHED: FILE_DETACHED\nSHIPMENT_DESPATCHED: SHIPMENT_DESPATCHED\nSHIPMENT_TRACKED: SHIPMENT_TRACKED\nSHIPMENT_RECEIVED: SHIPMENT_RECEIVED\nINVOICE_ISSUED: INVOICE_ISSUED\nINVOICE_ACCEPTED: INVOICE_ACCEPTED\nINVOICE_DISPUTED: INVOICE_DISPUTED\nPAYMENT_SUBMITTED: PAYMENT_SUBMITTED\nPAYMENT_REJECTED: PAYMENT_REJECTED\nFUNDS_CONFIRMED: FUNDS_CONFIRMED\nAGREEMENT_PROPOSED: AGREEMENT_PROPOSED\nAGREEMENT_SIGNED: AGREEMENT_SIGNED\nAGREEMENT_REFUSED: AGREEMENT_REFUSED\nAGREEMENT_CALLED_OFF: AGREEMENT_CALLED_OFF\nAGREEMENT_RESTORED: AGREEMENT_RESTORED\nAGREEMENT_TERMINATED: AGREEMENT_TERMINATED\nAGREEMENT_EXPIRED: AGREEMENT_EXPIRED\nAPPROVAL_REQUESTED: APPROVAL_REQUESTED\nAPPROVAL_VOTED: APPROVAL_VOTED\nAPPROVAL_ESCALATED: APPROVAL_ESCALATED\nAPPROVAL_DECIDED: APPROVAL_DECIDED\nPLATFORM_REVIEW_REQUESTED: PLATFORM_REVIEW_REQUESTED\nDELEGATION_GIVEN: DELEGATION_GIVEN\nDELEGATION_REVOKED: DELEGATION_REVOKED\nAPPROVAL_RULE_CHANGED: APPROVAL_RULE_CHANGED\nCOMPANY_REGISTERED: COMPANY_REGISTERED\nCOMPANY_REVIEWED: COMPANY_REVIEWED\nCOMPANY_CHANGED: COMPANY_CHANGED\nENQUIRY_CREATED: ENQUIRY_CREATED\nENQUIRY_UPDATED: ENQUIRY_UPDATED\nENQUIRY_ISSUED: ENQUIRY_ISSUED\nSUPPLIER_INVITED: SUPPLIER_INVITED\nINVITATION_WITHDRAWN: INVITATION_WITHDRAWN\nENQUIRY_EXTENDED: ENQUIRY_EXTENDED\nENQUIRY_CLOSED: ENQUIRY_CLOSED\nENQU",
                enum_type=EventKind,
                max_length=32,
            ),
        ),
        ops.AddField(
            model_name="Order",
            name="under_review",
            field=fields.BooleanField(default=False, null=True),
        ),
        ops.RunSQL("UPDATE purchase_order SET under_review = false", reverse_sql=ops.RunSQL.noop),
        ops.AlterField(
            model_name="Order",
            name="under_review",
            field=fields.BooleanField(default=False),
        ),
    ]
