const DAYS = 7;
const KINDS = {
  goods: /^(SHIPMENT|RECEIPT|ACCEPTANCE|RETURN)_/,
  money: /^(INVOICE|PAYMENT|FUNDS|BUDGET|COST)_/,
  orders: /^(ORDER|DRAFT|BUYER_ASKED|SUPPLIER_ANSWERED|QUOTATION|CONTRACT|TERMINATION|AGREEMENT|APPROVAL|ENQUIRY|DEADLINE)/,
};
const SHOWN = ['orders', 'goods', 'money', 'others'];
const [WIDTH, HEIGHT, TOP, BASE] = [420, 180, 18, 24];

const kindOf = (kind) => Object.keys(KINDS).find((name) => KINDS[name].test(kind)) ?? 'others';
const dayOf = (moment) => new Date(moment).toLocaleDateString('sv'); // YYYY-MM-DD where the reader is

/** How many of each kind on each of the last days; a day that is not counted from its beginning is left out. */
function counted(events, isCut) {
  const first = isCut && events.length > 0 ? dayOf(events[0].at) : '';
  const days = Array.from({ length: DAYS }, (_, ago) => new Date(Date.now() - (DAYS - 1 - ago) * 86_400_000));
  const counts = new Map(days.filter((day) => dayOf(day) > first).map((day) => [dayOf(day), { day, orders: 0, goods: 0, money: 0, others: 0 }]));
  // Where the newest day alone has more than is counted, it is shown as far as it goes.
  if (counts.size === 0) counts.set(dayOf(days.at(-1)), { day: days.at(-1), orders: 0, goods: 0, money: 0, others: 0 });
  for (const event of events) {
    const day = counts.get(dayOf(event.at));
    if (day) day[kindOf(event.kind)] += 1;
  }
  return [...counts.values()];
}

function Bar({ day, at, width, scale, say }) {
  let y = HEIGHT - BASE;
  const total = SHOWN.reduce((sum, kind) => sum + day[kind], 0);
  const x = at * width + width * 0.18;
  return (
    <g>
      {SHOWN.filter((kind) => day[kind] > 0).map((kind) => {
        const height = day[kind] * scale;
        y -= height;
        return <rect key={kind} className={`kind-${kind}`} x={x} y={y} width={width * 0.64} height={height}><title>{`${say.kinds[kind]}: ${day[kind]}`}</title></rect>;
      })}
      {total > 0 && <text className="value" x={at * width + width / 2} y={y - 5}>{total}</text>}
      <text x={at * width + width / 2} y={HEIGHT - 6}>{say.weekday(day.day)}</text>
    </g>
  );
}

export function Days({ days, isCut, say }) {
  const shown = counted(days, isCut);
  const most = Math.max(1, ...shown.map((day) => SHOWN.reduce((sum, kind) => sum + day[kind], 0)));
  const width = WIDTH / shown.length;
  return (
    <section className="days" aria-labelledby="days">
      <h2 id="days">{say.days}</h2>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        <line x1="0" x2={WIDTH} y1={HEIGHT - BASE} y2={HEIGHT - BASE} />
        {shown.map((day, at) => <Bar key={dayOf(day.day)} day={day} at={at} width={width} scale={(HEIGHT - BASE - TOP) / most} say={say} />)}
      </svg>
      <ul className="legend" aria-hidden="true">{SHOWN.map((kind) => <li key={kind} className={`kind-${kind}`}>{say.kinds[kind]}</li>)}</ul>
      <table className="unseen">
        <caption>{say.days}</caption>
        <thead><tr><th scope="col">{say.day}</th>{SHOWN.map((kind) => <th scope="col" key={kind}>{say.kinds[kind]}</th>)}</tr></thead>
        <tbody>{shown.map((day) => <tr key={dayOf(day.day)}><th scope="row">{say.weekday(day.day)}</th>{SHOWN.map((kind) => <td key={kind}>{day[kind]}</td>)}</tr>)}</tbody>
      </table>
      {isCut && <p className="soft">{say.cut}</p>}
    </section>
  );
}
