import { Live } from './live.js';
import { ask } from './server.js';

const FEED = 15; // events shown
const HISTORY = 500; // events counted for the days
export const ORDERS = 100; // orders read, the newest

const COMPANY = '{ id legalName englishName }';
const ORDER = `fragment O on Order {
  id number status mySide turn updatedAt estimatedTotal { amount currency } agreedTotal { amount currency } buyer ${COMPANY} supplier ${COMPANY}
}`;
const ME = `query Me { me { displayName company { id legalName englishName kind } } deliveryBoard(first: 1) { cursor } }`;
const ORDERS_QUERY = `query Orders($first: Int!) { orders(first: $first) { nodes { ...O } pageInfo { hasNextPage } } } ${ORDER}`;
const FEED_QUERY = `subscription Feed($after: Int) {
  companyEvents(after: $after) { cursor kind occurredAt actor { name } ... on OrderEvent { order { ...O } } ... on ShipmentTracked { code } }
} ${ORDER}`;
const DAYS_QUERY = 'subscription Days($after: Int) { companyEvents(after: $after) { cursor kind occurredAt } }';
const BOARD_QUERY = `subscription Board($first: Int!) {
  deliveryBoard(first: $first) {
    cursor hasMore counts { ...C } byPlace { place zone counts { ...C } } byCarrier { carrier counts { ...C } }
    deliveries {
      lanes place zone
      shipment {
        id number carrier waybill status delay promisedOn eta despatchedAt arrivedAt trackingEvents { id place code occurredAt }
        order { id number mySide buyer ${COMPANY} supplier ${COMPANY} }
      }
    }
  }
}
fragment C on DeliveryCounts { underWay late arrivingToday arrived }`;

/** What the page knows before anything has arrived. */
export const NOTHING = { me: null, orders: new Map(), hasMoreOrders: false, board: null, feed: [], days: [], isCut: false, line: 'connecting', caughtUp: null };

/**
 * Keeps `state` up to date for whoever is signed in, from one moment on: first the cursor, then the orders, then what happened after the cursor, so
 * that nothing is missed; each event carries its order as it is now, so that nothing counts twice. `show` gets each new state.
 */
export class Desk {
  constructor(show, onEnd) {
    this.state = NOTHING;
    this.show = show;
    this.live = new Live({ onState: (line) => this.onLine(line), onEnd });
    this.cursors = { feed: 0, days: 0 };
    this.missedFrom = null; // the last cursor before the line broke
  }

  async open() {
    const { me, deliveryBoard } = await ask(ME);
    const { orders } = await ask(ORDERS_QUERY, { first: ORDERS });
    this.change({ me, orders: new Map(orders.nodes.map((order) => [order.id, order])), hasMoreOrders: orders.pageInfo.hasNextPage });
    this.cursors = { feed: Math.max(0, deliveryBoard.cursor - FEED), days: Math.max(0, deliveryBoard.cursor - HISTORY) };
    this.change({ isCut: this.cursors.days > 0 });
    this.follow('feed', FEED_QUERY, (event) => this.onEvent(event));
    this.follow('days', DAYS_QUERY, (event) => this.change({ days: [...this.state.days, { kind: event.kind, at: event.occurredAt }] }));
    this.live.follow(BOARD_QUERY, () => ({ first: 50 }), ({ deliveryBoard: board }) => this.onBoard(board));
    this.live.open();
  }

  close() {
    clearTimeout(this.timer);
    this.live.close();
  }

  /** Events after this name's cursor, each once. */
  follow(name, query, take) {
    const next = ({ companyEvents: event }) => {
      if (event.cursor <= this.cursors[name]) return;
      this.cursors[name] = event.cursor;
      take(event);
    };
    const failed = ([error]) => {
      const { code, cursor } = error.extensions;
      if (code === 'UNKNOWN_CURSOR') location.reload(); // the database was restored to an earlier day: begin anew
      else if (code === 'TOO_SLOW') this.cursors[name] = cursor;
      return code === 'TOO_SLOW';
    };
    this.live.follow(query, () => ({ after: this.cursors[name] }), next, failed);
  }

  onEvent(event) {
    const feed = [event, ...this.state.feed].slice(0, FEED);
    const orders = event.order ? new Map(this.state.orders).set(event.order.id, event.order) : this.state.orders;
    this.change({ feed, orders });
  }

  onBoard(board) {
    const caughtUp = this.missedFrom === null ? this.state.caughtUp : board.cursor - this.missedFrom;
    this.missedFrom = null;
    this.change({ board, caughtUp });
  }

  onLine(line) {
    if (line !== 'live' && this.state.line === 'live') this.missedFrom = this.cursors.feed;
    this.change({ line, ...(line !== 'live' && { caughtUp: null }) });
  }

  /** A replay is hundreds of changes; they are shown together. */
  change(part) {
    this.state = { ...this.state, ...part };
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.show(this.state);
    }, 16);
  }
}
