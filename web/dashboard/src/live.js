import { doubtToken, endpoint, Refused, token } from './server.js';

const SILENCE = 40_000; // the server pings every 15 s: who hears nothing for so long has no line
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 10_000;
const FORBIDDEN = 4403; // the token ended, or the roles changed

/**
 * A line to the server over graphql-transport-ws that comes back by itself. What is followed is subscribed again each time with the variables
 * of that moment, so that a cursor goes on where it was.
 */
export class Live {
  /** onState is told `live`, `reconnecting` or `offline`; onEnd that the session is over. */
  constructor({ onState, onEnd }) {
    this.onState = onState;
    this.onEnd = onEnd;
    this.followed = [];
    this.tries = 0;
    this.socket = null;
    this.away = new AbortController();
    addEventListener('online', () => this.again(0), { signal: this.away.signal });
    addEventListener('offline', () => this.lost(), { signal: this.away.signal });
  }

  /** Follow a subscription: `next` gets the data of each message, `failed` the errors that end it; failed may return true to go on. */
  follow(query, variables, next, failed = () => false) {
    this.followed.push({ query, variables, next, failed });
  }

  /** Open the line. */
  async open() {
    clearTimeout(this.timer);
    if (this.socket || this.away.signal.aborted) return;
    const socket = new WebSocket(endpoint.replace(/^http/, 'ws'), 'graphql-transport-ws');
    this.socket = socket;
    socket.onopen = () => this.introduce(socket);
    socket.onmessage = ({ data }) => socket === this.socket && this.hear(JSON.parse(data));
    socket.onclose = ({ code }) => {
      if (socket !== this.socket) return;
      if (code === FORBIDDEN) doubtToken();
      this.lost();
    };
  }

  /** Close the line for good. */
  close() {
    this.away.abort();
    this.drop();
  }

  async introduce(socket) {
    try {
      this.say({ type: 'connection_init', payload: { Authorization: `Bearer ${await token()}` } }, socket);
    } catch (error) {
      if (error instanceof Refused) this.onEnd();
      else socket.close();
    }
  }

  hear(message) {
    this.listen();
    if (message.type === 'connection_ack') {
      this.tries = 0;
      this.onState('live');
      this.followed.forEach((_, id) => this.subscribe(id));
    } else if (message.type === 'ping') {
      this.say({ type: 'pong' });
    } else if (message.type === 'next') {
      this.followed[message.id].next(message.payload.data);
    } else if (message.type === 'error') {
      if (this.followed[message.id].failed(message.payload)) this.subscribe(Number(message.id));
    }
  }

  subscribe(id) {
    const { query, variables } = this.followed[id];
    this.say({ id: String(id), type: 'subscribe', payload: { query, variables: variables() } });
  }

  say(message, socket = this.socket) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  listen() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.lost(), SILENCE);
  }

  lost() {
    this.drop();
    if (this.away.signal.aborted) return;
    this.onState(navigator.onLine ? 'reconnecting' : 'offline');
    const pause = Math.min(FIRST_PAUSE * 2 ** this.tries, LONGEST_PAUSE);
    this.tries += 1;
    this.again(pause * (0.75 + Math.random() / 2)); // apart, or all would come back in the same moment
  }

  again(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), pause);
  }

  drop() {
    clearTimeout(this.silence);
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }
}
