/** The newest first; who listens rather than looks is told of each new one. */
export function Feed({ events, isReplaying, say }) {
  return (
    <section className="feed" aria-labelledby="feed">
      <h2 id="feed">{say.feed}</h2>
      {events.length === 0 && <p className="empty">{say.noFeed}</p>}
      <ol aria-live="polite" aria-relevant="additions" aria-busy={isReplaying}>
        {events.map((event) => (
          <li key={event.cursor} data-cursor={event.cursor} data-kind={event.kind}>
            <strong>{say.label('event_kind', event.kind)}</strong>
            {event.code && <span> · {say.label('tracking_code', event.code)}</span>}
            {event.order && <span> · <span className="number">{event.order.number}</span></span>}
            <span className="note">{say.moment(event.occurredAt)} · {event.actor.name}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
