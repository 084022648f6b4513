import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { loadExample } from './server.js';
import { words, inOurLanguage } from './words.js';

/** The examples by the first digit of their names. */
const chapters = (examples) => Object.entries(Object.groupBy(examples, (example) => example.name[0]));

/** The saved operations; opening one fills a new tab and lets the caller sign its user in. */
export function Examples({ examples, onOpen }) {
  const { addTab } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);

  // Monaco's editors come a moment after the page; until then there is nothing to open an example in.
  const isReady = queryEditor && variableEditor;
  const open = async (chosen) => {
    const example = await loadExample(chosen);
    // The editors are the truth: updateActiveTabValues() after addTab() would leave an empty tab behind.
    if (queryEditor.getValue() !== example.query) addTab();
    queryEditor.setValue(example.query);
    variableEditor.setValue(example.variables);
    onOpen(example.user);
  };
  return (
    <>
      <h2>{words.examples}</h2>
      <p className="dinghuo-note">{words.hint}</p>
      {chapters(examples).map(([number, ofChapter]) => (
        <section key={number}>
          {words.chapters[number] && <h3>{words.chapters[number]}</h3>}
          <ol className="dinghuo-examples">
            {ofChapter.map((example) => (
              <li key={example.name}>
                <button type="button" data-example={example.name} disabled={!isReady} onClick={() => open(example)}>
                  {inOurLanguage(example.title)}
                  {example.user && <small>{words.runsAs} {example.user}</small>}
                </button>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}
