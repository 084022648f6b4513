import { words, inOurLanguage } from './words.js';

const Person = ({ person, current, onEnter }) => (
  <button type="button" className="dinghuo-person" aria-pressed={current} onClick={() => onEnter(person.account, person.password)}>
    <strong>{inOurLanguage(person.title)}</strong>
    <small>{person.account}</small>
  </button>
);

function AccountForm({ onEnter }) {
  const submit = (event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    onEnter(fields.get('account'), fields.get('password'));
  };
  return (
    <form className="dinghuo-form" onSubmit={submit}>
      <input name="account" autoComplete="username" aria-label={words.account} placeholder={words.account} required />
      <input name="password" type="password" autoComplete="current-password" aria-label={words.password} placeholder={words.password} required />
      <button type="submit">{words.signIn}</button>
    </form>
  );
}

export function SignIn({ account, people, refusal, onEnter }) {
  const form = <AccountForm onEnter={onEnter} />;
  return (
    <>
      <h2>{words.signIn}</h2>
      <p className="dinghuo-note" role="status">{account ? `${words.signedIn} ${account}` : words.anonymous}</p>
      {people.length > 0 && (
        <div className="dinghuo-people" aria-label={words.signInAs}>
          {people.map((person) => <Person key={person.account} person={person} current={person.account === account} onEnter={onEnter} />)}
        </div>
      )}
      {people.length > 0 ? <details><summary>{words.other}</summary>{form}</details> : form}
      {refusal && <p className="dinghuo-refusal" role="alert">{refusal}</p>}
    </>
  );
}
