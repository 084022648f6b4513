import { useState } from 'preact/hooks';

const LANES = { underWay: 'UNDER_WAY', late: 'LATE', arrivingToday: 'ARRIVING_TODAY', arrived: 'ARRIVED' };
const STOPS = 3; // places of the tracking that are shown between the ends

/** Where it was on its way, oldest first, each place once in a row: the newest report of a place tells when. Its end stands there already. */
function stopsOf(events, destination) {
  const stops = [];
  for (const event of [...events].reverse()) {
    if (!event.place || event.place === destination || event.code === 'DELIVERED') continue;
    if (stops.at(-1)?.place === event.place) stops.pop();
    stops.push(event);
  }
  return stops;
}

function Stop({ name, note, className }) {
  return <li className={className}><span className="stop">{name}</span><span className="note">{note}</span></li>;
}

/** A line without a map: where the goods left, the last places they were seen, where they go; times are those of the place they go to. */
function Route({ delivery, say }) {
  const { shipment, place, zone } = delivery;
  const hasArrived = delivery.lanes.includes('ARRIVED');
  const stops = stopsOf(shipment.trackingEvents, place);
  const shown = stops.slice(-STOPS);
  const there = hasArrived ? shipment.arrivedAt && say.moment(shipment.arrivedAt, zone) : shipment.eta && say.moment(shipment.eta, zone);
  return (
    <ol className="route" aria-label={say.route}>
      <Stop className="seen" name={say.left} note={say.moment(shipment.despatchedAt, zone)} />
      {stops.length > STOPS && <Stop className="seen" name="…" note={`+${stops.length - STOPS}`} />}
      {shown.map((stop, at) => (
        <Stop key={stop.id} className={!hasArrived && at === shown.length - 1 ? 'seen here' : 'seen'} name={stop.place} note={`${say.label('tracking_code', stop.code)} · ${say.moment(stop.occurredAt, zone)}`} />
      ))}
      <Stop className={hasArrived ? 'seen here' : 'ahead'} name={place ?? say.expected} note={there ?? say.noEta} />
    </ol>
  );
}

function Delivery({ delivery, say }) {
  const { shipment, lanes, zone } = delivery;
  const { order } = shipment;
  const [word, other] = order.mySide === 'BUYER' ? [say.from, order.supplier] : [say.to, order.buyer];
  const isLate = lanes.includes('LATE');
  const moment = shipment.arrivedAt ?? shipment.eta;
  return (
    <article className={isLate ? 'delivery is-late' : 'delivery'} data-shipment={shipment.number} data-status={shipment.status}>
      <h3>
        <span>{shipment.number}</span>
        <span className="chip">{say.label('shipment_status', shipment.status)}</span>
        {isLate && <span className="chip bad">{say.late}</span>}
        {lanes.includes('ARRIVING_TODAY') && <span className="chip good">{say.arrivingToday}</span>}
        {shipment.delay && shipment.delay !== 'OVERDUE' && <span className="chip bad">{say.label('shipment_delay', shipment.delay)}</span>}
      </h3>
      <p className="facts">
        {order.number} · {word} {say.name(other)} · {shipment.carrier} <code>{shipment.waybill}</code>
      </p>
      <p className="facts">
        {shipment.arrivedAt ? say.arrivedAt : say.eta} {moment ? say.moment(moment, zone) + say.zone(zone) : say.noEta}
        {shipment.promisedOn && ` · ${say.promised} ${say.date(shipment.promisedOn)}`}
      </p>
      <Route delivery={delivery} say={say} />
    </article>
  );
}

function Counters({ counts, lane, say, onChoose }) {
  return (
    <div className="counters" role="group" aria-label={say.only}>
      {Object.entries(LANES).map(([name, one]) => (
        <button type="button" key={name} className={counts[name] ? `counter ${name}` : 'counter none'} data-lane={one} aria-pressed={lane === one} onClick={() => onChoose(lane === one ? null : one)}>
          <strong>{counts[name]}</strong><span>{say[name]}</span>
        </button>
      ))}
    </div>
  );
}

function Groups({ title, head, groups, say }) {
  if (groups.length === 0) return null;
  return (
    <details className="groups">
      <summary>{title} <span className="soft">{groups.length}</span></summary>
      <div className="scroll" tabIndex="0" role="group" aria-label={title}>
        <table>
          <thead><tr><th scope="col">{head}</th>{Object.keys(LANES).map((name) => <th scope="col" key={name}>{say[name]}</th>)}</tr></thead>
          <tbody>
            {groups.map(({ name, counts }) => (
              <tr key={name}><th scope="row">{name}</th>{Object.keys(LANES).map((lane) => <td key={lane}>{counts[lane]}</td>)}</tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

export function Deliveries({ board, say }) {
  const [lane, setLane] = useState(null);
  if (!board) return <section className="deliveries" aria-busy="true"><h2>{say.board}</h2></section>;
  const shown = board.deliveries.filter(({ lanes }) => !lane || lanes.includes(lane));
  return (
    <section className="deliveries" aria-labelledby="deliveries">
      <h2 id="deliveries">{say.board}</h2>
      <Counters counts={board.counts} lane={lane} say={say} onChoose={setLane} />
      <Groups title={say.byPlace} head={say.place} groups={board.byPlace.map(({ place, counts }) => ({ name: place ?? '–', counts }))} say={say} />
      <Groups title={say.byCarrier} head={say.carrier} groups={board.byCarrier.map(({ carrier, counts }) => ({ name: carrier, counts }))} say={say} />
      {shown.length === 0 && <p className="empty">{lane ? say.noneOfThese : say.noDeliveries}</p>}
      {shown.map((delivery) => <Delivery key={delivery.shipment.id} delivery={delivery} say={say} />)}
      {board.hasMore && <p className="soft">{say.more(board.deliveries.length)}</p>}
    </section>
  );
}
