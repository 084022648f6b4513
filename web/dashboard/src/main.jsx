import { render } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import './page.css';
import { Days } from './days.jsx';
import { Deliveries } from './deliveries.jsx';
import { Desk } from './desk.js';
import { Feed } from './feed.jsx';
import { Orders } from './orders.jsx';
import { loadGuide, Refused, signIn, signOut } from './server.js';
import { SignIn } from './signIn.jsx';
import { preferred, speaking } from './words.js';

const CAUGHT_UP_SHOWN = 8_000;

function Line({ state, say }) {
  const [isFresh, setFresh] = useState(false);
  useEffect(() => {
    if (state.caughtUp === null) return undefined;
    setFresh(true);
    const timer = setTimeout(() => setFresh(false), CAUGHT_UP_SHOWN);
    return () => clearTimeout(timer);
  }, [state.caughtUp]);
  const text = state.line === 'live' && isFresh && state.caughtUp !== null ? say.caughtUp(state.caughtUp) : say[state.line];
  return <p className={`line ${state.line}`} role="status" data-cursor={state.feed[0]?.cursor}>{text}</p>;
}

function Header({ state, say, onLanguage, onSignOut }) {
  return (
    <header>
      <a className="brand" href="../"><img src="./favicon.svg" alt="" width="28" height="28" />Dinghuo 订货</a>
      {state && <Line state={state} say={say} />}
      <div className="tools">
        <button type="button" lang={say.code === 'zh' ? 'en' : 'zh-CN'} data-action="language" onClick={onLanguage}>{say.other}</button>
        {state && <button type="button" data-action="sign-out" onClick={onSignOut}>{say.signOut}</button>}
      </div>
    </header>
  );
}

function Page({ guide }) {
  const [lang, setLang] = useState(preferred);
  const [state, setState] = useState(null);
  const [refusal, setRefusal] = useState(null);
  const desk = useRef(null);
  const say = useMemo(() => speaking(lang, guide.labels), [lang]);

  useEffect(() => {
    document.documentElement.lang = say.tag;
    document.title = say.title;
  }, [say]);

  const leave = (why) => {
    desk.current?.close();
    desk.current = null;
    setState(null);
    setRefusal(why);
  };
  const enter = async (account, password) => {
    try {
      await signIn(account, password, say.tag);
      desk.current = new Desk(setState, () => leave('ended'));
      await desk.current.open();
      setRefusal(null);
    } catch (error) {
      leave(error instanceof Refused ? error.message : 'noServer');
    }
  };
  const shown = state?.me ? state : null;
  return (
    <>
      <a className="skip" href="#content">{say.skip}</a>
      <Header state={shown} say={say} onLanguage={() => setLang(lang === 'zh' ? 'en' : 'zh')} onSignOut={() => { signOut(); leave(null); }} />
      <main id="content" tabIndex="-1">
        {shown ? <Dashboard state={shown} say={say} /> : <SignIn people={guide.people} refusal={say[refusal] ?? refusal} say={say} onEnter={enter} />}
      </main>
    </>
  );
}

function Dashboard({ state, say }) {
  return (
    <>
      <h1>{say.name(state.me.company)}<small>{state.me.displayName}</small></h1>
      <div className="columns">
        <div>
          <Deliveries board={state.board} say={say} />
          <Orders orders={state.orders} hasMore={state.hasMoreOrders} say={say} />
        </div>
        <div>
          <Feed events={state.feed} isReplaying={!state.board} say={say} />
          <Days days={state.days} isCut={state.isCut} say={say} />
        </div>
      </div>
    </>
  );
}

render(<Page guide={await loadGuide()} />, document.getElementById('root'));
