import { useEffect, useState } from 'react';
import { useGraphiQL } from '@graphiql/react';
import { Examples } from './examples.jsx';
import { SignIn } from './signIn.jsx';
import { signIn } from './server.js';
import { words } from './words.js';

// Outlives the panel, which React removes whenever another plugin is shown.
let session = { account: null, token: null, endsAt: 0 };

const MINUTE = 60_000;

const Icon = () => (
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5"><path d="M5 4l14 8-14 8z" strokeLinejoin="round" /></svg>
);

/** The header editor's text with this token as its Authorization; other headers stay as they were. */
function withToken(text, token) {
  let headers = {};
  try { headers = JSON.parse(text); } catch { /* an unfinished header is replaced */ }
  return JSON.stringify({ ...headers, Authorization: `Bearer ${token}` }, null, 2);
}

function Start({ examples, people }) {
  const headerEditor = useGraphiQL((state) => state.headerEditor);
  const [account, setAccount] = useState(session.account);
  const [refusal, setRefusal] = useState(null);

  const carryToken = () => session.token && headerEditor?.setValue(withToken(headerEditor.getValue(), session.token));
  useEffect(() => { carryToken(); }, [headerEditor, account]); // the editor may come after the sign-in
  const enter = async (name, password) => {
    try {
      session = { account: name, ...(await signIn(name, password)) };
      setAccount(name);
      setRefusal(null);
      carryToken();
    } catch (error) {
      setRefusal(error.message);
    }
  };
  const become = async (name) => {
    const person = people.find((one) => one.account === name);
    const goesOn = session.account === name && session.endsAt > Date.now() + MINUTE;
    if (person && !goesOn) await enter(person.account, person.password);
    carryToken();
  };
  return (
    <section className="dinghuo-start" aria-label={words.start}>
      <SignIn account={account} people={people} refusal={refusal} onEnter={enter} />
      <Examples examples={examples} onOpen={become} />
    </section>
  );
}

export const startPlugin = (guide) => ({ title: words.start, icon: Icon, content: () => <Start {...guide} /> });
