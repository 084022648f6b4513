"""What is asked: the same things of our server, as GraphQL, and of the handlers written by hand, by path."""

LIST = """
query List($first: Int!) {
  orders(first: $first) {
    nodes {
      id number status version createdAt
      estimatedTotal { amount currency }
      supplier { id legalName }
      lines { position name quantity { value unit } listPrice }
      shipments { status }
    }
  }
}
"""

DETAIL = """
query Detail($id: ID!) {
  order(id: $id) {
    id number status version createdAt updatedAt turn turnSince deliveryPlace deliveryZone
    estimatedTotal { amount currency }
    buyer { id legalName }
    supplier { id legalName }
    lines { position sku name specification { name value } quantity { value unit } listPrice product { id sku leadTimeDays } }
    messages { kind text authorName createdAt company { legalName } }
    shipments { number status carrier waybill despatchedAt trackingEvents { code place occurredAt } }
  }
}
"""
