import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { words, inOurLanguage } from './words.js';

/** The saved operations; opening one fills a new tab and lets the caller sign its user in. */
export function Examples({ examples, onOpen }) {
  const { addTab } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);

  const open = (example) => {
    // The editors are the truth: updateActiveTabValues() after addTab() would leave an empty tab behind.
    if (queryEditor?.getValue() !== example.query) addTab();
    queryEditor?.setValue(example.query);
    variableEditor?.setValue(example.variables);
    onOpen(example.user);
  };
  return (
    <>
      <h2>{words.examples}</h2>
      <p className="dinghuo-note">{words.hint}</p>
      <ol className="dinghuo-examples">
        {examples.map((example) => (
          <li key={example.name}>
            <button type="button" data-example={example.name} onClick={() => open(example)}>
              {inOurLanguage(example.title)}
              <small>{words.runsAs} {example.user ?? words.anyone}</small>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}
