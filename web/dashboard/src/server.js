// Everything this page asks the server for over HTTP, and who is signed in: kept in memory alone, so a reload signs out.
export const endpoint = new URL('../graphql', location.href).href;

const EARLY = 60_000; // milliseconds before its end at which an access token is replaced

const OPENED = '{ accessToken accessTokenExpiresAt refreshToken }';
const SIGN_IN = `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) { __typename ... on SignInSuccess ${OPENED} ... on Problem { code message } }
}`;
const REFRESH = `mutation RefreshSession($input: RefreshSessionInput!) {
  refreshSession(input: $input) { __typename ... on RefreshSessionSuccess ${OPENED} ... on Problem { code message } }
}`;
const SIGN_OUT = 'mutation SignOut { signOut { __typename } }';

/** The server's own words: the session is over, or the request was refused. */
export class Refused extends Error {}

let session = null;
let renewing = null;

async function post(query, variables, token, lang) {
  const headers = { 'content-type': 'application/json', ...(lang && { 'accept-language': lang }), ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json();
  const error = errors?.[0];
  if (error?.extensions?.code === 'UNAVAILABLE') throw new Error(error.message); // passes; the same may be asked again
  if (error) throw new Refused(error.message);
  return data;
}

function begin(opened, refusal) {
  if (!opened?.accessToken) throw new Refused(opened?.message ?? refusal);
  session = { token: opened.accessToken, endsAt: Date.parse(opened.accessTokenExpiresAt), refreshToken: opened.refreshToken };
}

/** Begin a session; throws the server's own words when it refuses. */
export async function signIn(account, password, lang) {
  const { signIn: opened } = await post(SIGN_IN, { input: { signInName: account, password } }, null, lang);
  begin(opened, 'signIn');
}

/** End the session here and on the server. */
export function signOut() {
  const token = session?.token;
  session = null;
  if (token) post(SIGN_OUT, {}, token).catch(() => {}); // it ends by itself where this does not arrive
}

/** A token that is good for a while yet; Refused when the session is over. Asked by several at once it renews once: a refresh token is good once. */
export async function token() {
  if (!session) throw new Refused('signed out');
  if (session.endsAt - Date.now() > EARLY) return session.token;
  renewing ??= post(REFRESH, { input: { refreshToken: session.refreshToken } })
    .then((data) => begin(data.refreshSession, 'refreshSession'))
    .finally(() => { renewing = null; });
  await renewing;
  return session.token;
}

/** The token is refused although it looked good: get another before the next use. */
export function doubtToken() {
  if (session) session.endsAt = 0;
}

/** The data of a query. */
export async function ask(query, variables) {
  return post(query, variables, await token());
}

/** The words for codes in both languages, and in demo mode the people one may sign in as. */
export async function loadGuide() {
  const response = await fetch('./guide.json');
  if (!response.ok) throw new Error(`guide.json: HTTP ${response.status}`);
  return response.json();
}
