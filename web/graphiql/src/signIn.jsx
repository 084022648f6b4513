import { words, inOurLanguage } from './words.js';

const Person = ({ person, current, onEnter }) => (
  <button
    type="button" className="dinghuo-person" data-account={person.account} title={person.account}
    aria-pressed={current} onClick={() => onEnter(person.account, person.password)}
  >
    {inOurLanguage(person.role)}
  </button>
);

const Company = ({ people, account, onEnter }) => (
  <>
    <dt>{inOurLanguage(people[0].company)}</dt>
    <dd>{people.map((person) => <Person key={person.account} person={person} current={person.account === account} onEnter={onEnter} />)}</dd>
  </>
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
        <dl className="dinghuo-people" aria-label={words.signInAs}>
          {Object.entries(Object.groupBy(people, (person) => person.company.en)).map(([company, ofCompany]) => (
            <Company key={company} people={ofCompany} account={account} onEnter={onEnter} />
          ))}
        </dl>
      )}
      {people.length > 0 ? <details><summary>{words.other}</summary>{form}</details> : form}
      {refusal && <p className="dinghuo-refusal" role="alert">{refusal}</p>}
    </>
  );
}
