function Company({ people, say, onEnter }) {
  return (
    <>
      <dt>{say.said(people[0].company)}</dt>
      <dd>
        {people.map((person) => (
          <button type="button" key={person.account} data-account={person.account} title={person.account} onClick={() => onEnter(person.account, person.password)}>
            {say.said(person.role)}
          </button>
        ))}
      </dd>
    </>
  );
}

function Form({ say, onEnter }) {
  const submit = (event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    onEnter(fields.get('account'), fields.get('password'));
  };
  return (
    <form onSubmit={submit}>
      <label>{say.account}<input name="account" autocomplete="username" required /></label>
      <label>{say.password}<input name="password" type="password" autocomplete="current-password" required /></label>
      <button type="submit" className="primary">{say.signIn}</button>
    </form>
  );
}

/** Group by a key, in the order of the first of each; Object.groupBy is too new for many phones. */
export function grouped(things, key) {
  const groups = new Map();
  for (const one of things) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return [...groups.entries()];
}

export function SignIn({ people, refusal, say, onEnter }) {
  const form = <Form say={say} onEnter={onEnter} />;
  return (
    <section className="sign-in" aria-labelledby="sign-in">
      <h1 id="sign-in">{people.length > 0 ? say.signInAs : say.signIn}</h1>
      {refusal && <p className="refusal" role="alert">{refusal}</p>}
      {people.length > 0 && (
        <dl className="people">
          {grouped(people, (person) => person.company.en).map(([company, some]) => <Company key={company} people={some} say={say} onEnter={onEnter} />)}
        </dl>
      )}
      {people.length > 0 ? <details><summary>{say.another}</summary>{form}</details> : form}
    </section>
  );
}
