import { ORDERS } from './desk.js';
import { grouped } from './signIn.jsx';

const STATUSES = ['DRAFT', 'PENDING_APPROVAL', 'PENDING_SUPPLIER', 'NEGOTIATING', 'PENDING_BUYER', 'PENDING_SIGNATURE', 'CONTRACTED', 'COMPLETED', 'REJECTED', 'DECLINED', 'EXPIRED', 'CANCELLED', 'TERMINATED'];
const SHOWN = 8;

function Order({ order, say }) {
  const other = order.mySide === 'BUYER' ? order.supplier : order.buyer;
  return (
    <li data-order={order.number}>
      <span className="number">{order.number}</span>
      <span className="who">{say.name(other)}</span>
      {order.turn === order.mySide && <span className="chip">{say.yourTurn}</span>}
      <span className="total">{say.money(order.agreedTotal ?? order.estimatedTotal)}</span>
    </li>
  );
}

function Status({ status, side, orders, most, say }) {
  return (
    <details data-status={status}>
      <summary>
        <span>{say.label(`order_status.${side}`, status)}</span>
        <meter min="0" max={most} value={orders.length} aria-hidden="true" />
        <strong>{orders.length}</strong>
      </summary>
      <ul>{orders.slice(0, SHOWN).map((order) => <Order key={order.id} order={order} say={say} />)}</ul>
      {orders.length > SHOWN && <p className="soft">+{orders.length - SHOWN}</p>}
    </details>
  );
}

export function Orders({ orders, hasMore, say }) {
  const newest = [...orders.values()].sort((one, other) => (one.updatedAt < other.updatedAt ? 1 : -1));
  const groups = grouped(newest, (order) => `${STATUSES.indexOf(order.status)}`).sort(([one], [other]) => one - other);
  const most = Math.max(1, ...groups.map(([, some]) => some.length));
  return (
    <section className="orders" aria-labelledby="orders">
      <h2 id="orders">{say.orders}</h2>
      {groups.length === 0 && <p className="empty">{say.noOrders} <a href={`../graphiql/?lang=${say.code}`}>{say.start}</a></p>}
      {groups.map(([at, some]) => <Status key={at} status={some[0].status} side={some[0].mySide} orders={some} most={most} say={say} />)}
      {hasMore && <p className="soft">{say.newest(ORDERS)}</p>}
    </section>
  );
}
