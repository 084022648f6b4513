// Everything this page asks the server for, besides what GraphiQL itself sends.
export const endpoint = new URL('../graphql', location.href).href;

const SIGN_IN = `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    __typename
    ... on SignInSuccess { accessToken accessTokenExpiresAt }
    ... on Problem { code message }
  }
}`;

async function fetchJson(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: HTTP ${response.status}`);
  return response.json();
}

let isDemo = false;

/** The examples and, in demo mode only, the people one may sign in as. */
export async function loadGuide() {
  const { demo, examples } = await fetchJson('./examples.json');
  isDemo = demo;
  return { examples, people: demo ? await fetchJson('./demo.json') : [] };
}

/** The example with the ids, versions and keys that fit the demo now; elsewhere as it is written. */
export async function loadExample(example) {
  return isDemo ? fetchJson(`./examples/${example.name}.json`).catch(() => example) : example;
}

/** The access token of this account and when it ends; throws the server's own words when it refuses. */
export async function signIn(account, password) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: SIGN_IN, variables: { input: { signInName: account, password } } }),
  });
  const { data, errors } = await response.json();
  const answer = data?.signIn;
  if (answer?.accessToken) return { token: answer.accessToken, endsAt: Date.parse(answer.accessTokenExpiresAt) };
  throw new Error(answer?.message ?? errors?.[0]?.message ?? `HTTP ${response.status}`);
}
