"""Where goods go, for statements that ask it of many shipments at once."""

from typing import Final

DESTINATION: Final = """
    SELECT coalesce(own.place, ordered.delivery_place) AS place, coalesce(own.zone, ordered.delivery_zone) AS zone
    FROM purchase_order AS ordered LEFT JOIN LATERAL (
        SELECT min(line.delivery_place) AS place, min(line.delivery_zone) AS zone
        FROM shipment_line AS part JOIN order_line AS line ON line.id = part.order_line_id WHERE part.shipment_id = goods.id
        HAVING count(DISTINCT (line.delivery_place, line.delivery_zone)) = 1
    ) AS own ON true WHERE ordered.id = goods.order_id
"""
"""Place and zone of the shipment `goods`: those of its lines where they all go to one place of their own, else the order's."""
