"""Until when each split has to be asked for, and somebody who looks after what is held, of payments that are there already (0169)."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from rules.settlement import SettlementStatus

# As rules.settlement.LIMITS was when this was written: thirty days after the payment, with both providers, and a word three days before.
ENDS = """
    UPDATE settlement s SET split_by = coalesce(o.paid_at, s.created_at) + interval '30 days'
    FROM online_payment o WHERE o.payment_id = s.payment_id
"""
WATCHED = """
    INSERT INTO errand (id, created_at, kind, subject_id, due_at, attempts)
    SELECT gen_random_uuid(), now(), 'WATCH_HELD_MONEY', o.payment_id, greatest(o.paid_at + interval '27 days', now()), 0
    FROM online_payment o
    JOIN payment p ON p.id = o.payment_id AND p.status IN ('CHANNEL_CONFIRMED', 'FUNDS_CONFIRMED')
    LEFT JOIN settlement s ON s.payment_id = o.payment_id
    WHERE o.terms IS NOT NULL AND o.paid_at IS NOT NULL AND (s.id IS NULL OR s.status IN ('DUE', 'PROCESSING', 'FAILED'))
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0057_refunds_done_late")]

    initial = False

    operations = [
        ops.AlterField(
            model_name="Settlement",
            name="status",
            field=fields.CharEnumField(
                description="DUE: DUE\nPROCESSING: PROCESSING\nSETTLED: SETTLED\nFAILED: FAILED\nREVERSING: REVERSING\nREVERSED: REVERSED\nLAPSED: LAPSED",
                enum_type=SettlementStatus,
                max_length=10,
            ),
        ),
        ops.AddField(
            model_name="Settlement",
            name="split_by",
            field=fields.DatetimeField(auto_now=False, auto_now_add=False, null=True),
        ),
        ops.RunSQL(ENDS, reverse_sql=ops.RunSQL.noop),
        ops.AlterField(
            model_name="Settlement",
            name="split_by",
            field=fields.DatetimeField(auto_now=False, auto_now_add=False),
        ),
        ops.RunSQL(WATCHED, reverse_sql=ops.RunSQL.noop),
    ]
