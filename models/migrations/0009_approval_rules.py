"""Rules instead of one threshold: each company's becomes its first rule, and what was asked by it remembers that."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import new_id
from orjson import loads
from rules.events import EventKind
from rules.terms import VoteDecision
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

# The rule that every threshold becomes: any approver, for both stages.
TIERS = '[{"quorum": "ANY", "side": "BUYER", "members": [], "roles": ["APPROVER"], "escalation": null}]'
CONDITIONS = """jsonb_build_object('amountAbove', {amount}::text, 'amountCurrency', {currency},
    'currencies', '[]'::jsonb, 'categories', '[]'::jsonb, 'suppliers', '[]'::jsonb, 'costCentres', '[]'::jsonb, 'requesters', '[]'::jsonb)"""
RULES = f"""
INSERT INTO approval_rule (id, created_at, company_id, name, position, stages, conditions, tiers, is_threshold, is_active, version)
SELECT gen_random_uuid(), now(), id, 'Threshold', 1, ARRAY['AWARD', 'SUBMISSION'],
    {CONDITIONS.format(amount="approval_threshold", currency="currency")}, '{TIERS}', true, true, 0
FROM company WHERE approval_threshold IS NOT NULL
"""
SNAPSHOTS = f"""
UPDATE approval SET tier = 1, tier_since = approval.created_at, escalated = '{{}}', snapshot = jsonb_build_object(
    'rule', jsonb_build_object('id', (SELECT rule.id FROM approval_rule rule WHERE rule.company_id = approval.company_id),
        'name', 'Threshold', 'version', 0),
    'conditions', {CONDITIONS.format(amount="threshold", currency="threshold_currency")},
    'tiers', '{TIERS}'::jsonb, 'barred', jsonb_build_array(purchase_order.requester_id, approval.requested_by_id), 'facts', NULL)
FROM purchase_order WHERE purchase_order.id = approval.order_id
"""
# A vote is never changed, and of an approval only what becomes of it.
KEPT = {
    "approval": (
        "status",
        "version",
        "tier",
        "tier_since",
        "review_at",
        "escalated",
        "decided_by_id",
        "decided_at",
        "reason",
    ),
    "approval_vote": (),
}


def _keep(table: str, *but: str) -> str:
    columns = ", ".join(f"'{column}'" for column in but)
    return (
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_as_written({columns})"
    )


class Migration(migrations.Migration):
    dependencies = [("models", "0008_enquiries")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ApprovalRule",
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
                        related_name="approval_rules",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=120)),
                ("position", fields.IntField()),
                ("stages", ArrayField(element_type="TEXT")),
                ("conditions", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("tiers", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("is_threshold", fields.BooleanField(default=False)),
                ("is_active", fields.BooleanField(default=True)),
                ("version", fields.IntField(default=1)),
            ],
            options={
                "table": "approval_rule",
                "app": "models",
                "indexes": [Index(fields=["company_id", "position", "id"])],
                "pk_attr": "id",
                "table_description": "When a company's orders need an approval, and whose; the first in the company's order that matches is the one that asks.",
            },
            bases=["Stored"],
        ),
        ops.AddConstraint(
            model_name="ApprovalRule",
            constraint=UniqueConstraint(
                fields=("company_id",), name="approval_rule_one_threshold", condition="is_threshold"
            ),
        ),
        ops.AddConstraint(
            model_name="ApprovalRule",
            constraint=CheckConstraint(check="position > 0", name="approval_rule_position"),
        ),
        ops.CreateModel(
            name="ApprovalVote",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "approval",
                    fields.ForeignKeyField(
                        "models.Approval",
                        source_field="approval_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="votes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("tier", fields.IntField()),
                (
                    "seat",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="seat_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="approval_seats",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "voter",
                    fields.ForeignKeyField(
                        "models.Member",
                        source_field="voter_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="approval_votes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "decision",
                    fields.CharEnumField(
                        description="APPROVED: APPROVED\nRETURNED: RETURNED", enum_type=VoteDecision, max_length=16
                    ),
                ),
                ("note", fields.CharField(null=True, max_length=1000)),
            ],
            options={
                "table": "approval_vote",
                "app": "models",
                "unique_together": (("approval", "tier", "seat"),),
                "pk_attr": "id",
                "table_description": "What somebody who was asked said, or said for another; votes are added, never changed.",
            },
            bases=["Stored"],
        ),
        ops.AlterModelOptions(
            name="Approval",
            options={
                "table": "approval",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("order_id",), name="approval_one_pending", condition="status = 'PENDING'")
                ],
                "indexes": [Index(fields=["company_id", "status", "id"]), Index(fields=["status", "review_at"])],
                "pk_attr": "id",
                "table_description": "A decision the buyer's approvers owe: a stream of its own, which holds what was asked as it was then.",
            },
        ),
        ops.AddField(
            model_name="Approval",
            name="review_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Approval",
            name="escalated",
            field=ArrayField(default=list, element_type="INT", null=True),
        ),
        ops.AddField(
            model_name="Approval",
            name="snapshot",
            field=fields.JSONField(encoder=JSON_DUMPS, decoder=loads, null=True),
        ),
        ops.AddField(
            model_name="Approval",
            name="tier",
            field=fields.IntField(default=1, null=True),
        ),
        ops.AddField(
            model_name="Approval",
            name="tier_since",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunSQL([RULES, SNAPSHOTS], reverse_sql=ops.RunSQL.noop),
        ops.AlterField(
            model_name="Approval",
            name="escalated",
            field=ArrayField(default=list, element_type="INT"),
        ),
        ops.AlterField(
            model_name="Approval",
            name="snapshot",
            field=fields.JSONField(encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AlterField(
            model_name="Approval",
            name="tier",
            field=fields.IntField(default=1),
        ),
        ops.AlterField(
            model_name="Approval",
            name="tier_since",
            field=fields.DatetimeField(auto_now=False, auto_now_add=False),
        ),
        ops.RemoveField(model_name="Approval", name="threshold"),
        ops.RemoveField(model_name="Approval", name="threshold_currency"),
        ops.AddIndex(
            model_name="Approval",
            index=Index(fields=["status", "review_at"]),
        ),
        ops.RemoveField(model_name="Company", name="approval_threshold"),
        ops.AlterField(
            model_name="Event",
            name="kind",
            field=fields.CharEnumField(
                description="ORDER_CREATED: ORDER_CREATED\nDRAFT_UPDATED: DRAFT_UPDATED\nORDER_SUBMITTED: ORDER_SUBMITTED\nORDER_RETURNED: ORDER_RETURNED\nORDER_WITHDRAWN: ORDER_WITHDRAWN\nORDER_PLACED: ORDER_PLACED\nBUYER_ASKED: BUYER_ASKED\nSUPPLIER_ANSWERED: SUPPLIER_ANSWERED\nQUOTATION_SENT: QUOTATION_SENT\nQUOTATION_WITHDRAWN: QUOTATION_WITHDRAWN\nORDER_REJECTED: ORDER_REJECTED\nQUOTATION_COUNTERED: QUOTATION_COUNTERED\nQUOTATION_DECLINED: QUOTATION_DECLINED\nQUOTATION_ACCEPTED: QUOTATION_ACCEPTED\nQUOTATION_EXPIRED: QUOTATION_EXPIRED\nCONTRACT_SIGNED: CONTRACT_SIGNED\nCONTRACT_REFUSED: CONTRACT_REFUSED\nCONTRACT_LAPSED: CONTRACT_LAPSED\nORDER_CANCELLED: ORDER_CANCELLED\nDEADLINE_EXTENDED: DEADLINE_EXTENDED\nMESSAGE_POSTED: MESSAGE_POSTED\nTALK_LOGGED: TALK_LOGGED\nSHIPMENT_DESPATCHED: SHIPMENT_DESPATCHED\nSHIPMENT_TRACKED: SHIPMENT_TRACKED\nSHIPMENT_RECEIVED: SHIPMENT_RECEIVED\nINVOICE_ISSUED: INVOICE_ISSUED\nINVOICE_ACCEPTED: INVOICE_ACCEPTED\nINVOICE_DISPUTED: INVOICE_DISPUTED\nPAYMENT_SUBMITTED: PAYMENT_SUBMITTED\nPAYMENT_REJECTED: PAYMENT_REJECTED\nFUNDS_CONFIRMED: FUNDS_CONFIRMED\nAPPROVAL_REQUESTED: APPROVAL_REQUESTED\nAPPROVAL_VOTED: APPROVAL_VOTED\nAPPROVAL_DECIDED: APPROVAL_DECIDED\nAPPROVAL_RULE_CHANGED: APPROVAL_RULE_CHANGED\nCOMPANY_REGISTERED: COMPANY_REGISTERED\nCOMPANY_REVIEWED: COMPANY_REVIEWED\nCOMPANY_CHANGED: COMPANY_CHANGED\nENQUIRY_CREATED: ENQUIRY_CREATED\nENQUIRY_UPDATED: ENQUIRY_UPDATED\nENQUIRY_ISSUED: ENQUIRY_ISSUED\nSUPPLIER_INVITED: SUPPLIER_INVITED\nINVITATION_WITHDRAWN: INVITATION_WITHDRAWN\nENQUIRY_EXTENDED: ENQUIRY_EXTENDED\nENQUIRY_CLOSED: ENQUIRY_CLOSED\nENQUIRY_AWARDED: ENQUIRY_AWARDED\nENQUIRY_CANCELLED: ENQUIRY_CANCELLED",
                enum_type=EventKind,
                max_length=32,
            ),
        ),
        ops.RunSQL([_keep(table, *but) for table, but in KEPT.items()], reverse_sql=ops.RunSQL.noop),
    ]
