// GraphiQL's history keeps the header editor, and so the access token, whatever shouldPersistHeaders says; what is
// typed into the variables of a sign-in is kept in three places. Neither may outlive the tab.
const SECRET = /password|secret|token/i;
const RECORDS = /:(tabState|queries|favorites)$/;

// null and not undefined: GraphiQL throws all tabs away when one lacks a key.
const withoutSecrets = (key, value) => (key === 'headers' || (key === 'variables' && SECRET.test(value)) ? null : value);

function kept(key, value) {
  if (RECORDS.test(key)) return JSON.stringify(JSON.parse(value, withoutSecrets));
  return key.endsWith(':variables') && SECRET.test(value) ? '' : value;
}

/** The browser's storage, with tokens and passwords left out of what GraphiQL writes. */
export const storage = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, kept(key, value)),
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => localStorage.clear(),
  get length() { return localStorage.length; },
};
