import type { PageSource } from './page.ts';

/** The page: one file without anything from elsewhere. Values of records reach it as text only, never as markup. */
export const pageHtml = ({ vendor, values, types, segments }: PageSource): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${vendor} sandbox</title>
<link rel="icon" href="data:,">
<style>
  :root { color-scheme: light dark; --line: #8884; --accent: ${vendor === 'HubSpot' ? '#e8590c' : '#1971c2'}; }
  body { font: 14px/1.4 system-ui, sans-serif; margin: 0; display: grid; grid-template-columns: 1.3fr 1fr; height: 100vh; }
  header { grid-column: 1 / 3; padding: .5rem 1rem; border-bottom: 3px solid var(--accent); display: flex; gap: 1rem; align-items: center; }
  header h1 { font-size: 1.1rem; margin: 0; flex: 1; }
  section { overflow: auto; padding: .5rem 1rem; border-right: 1px solid var(--line); }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: .2rem .5rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
  tr.row:hover { background: var(--line); cursor: pointer; }
  td:first-child { white-space: nowrap; }
  td.n, .faint { color: #888; }
  input, select, textarea, button { font: inherit; }
  td input { width: 95%; }
  textarea { width: 98%; height: 12rem; font-family: ui-monospace, monospace; }
  #problem { color: #e03131; white-space: pre-wrap; }
  .bad { color: #e03131; }
  #calls td { font-family: ui-monospace, monospace; font-size: 12px; }
  body { grid-template-rows: auto 1fr 14rem; }
  #traffic { grid-column: 1 / 3; border-top: 1px solid var(--line); }
</style>
</head>
<body>
<header>
  <h1>${vendor} sandbox</h1>
  <select id="type" aria-label="type">${types()
    .map((type) => `<option>${type}</option>`)
    .join('')}</select>
  <input id="text" type="search" placeholder="search" aria-label="search">
  <button id="new">New record</button>
  ${segments ? '<button id="segments">Segments</button>' : ''}
</header>
<section id="list"></section>
<section id="detail"><p class="faint">Choose a record. What you change is done by a person, as on ${vendor}'s own pages.</p></section>
<section id="traffic"><table><tbody id="calls"></tbody></table></section>
<script>
const values = ${JSON.stringify(values)};
const at = (id) => document.getElementById(id);
const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
async function ask(method, path, body) {
  const response = await fetch('/_sandbox/' + path, { method, ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
  const text = await response.text();
  const answer = text ? JSON.parse(text) : {};
  if (!response.ok) throw new Error(answer.message || response.statusText);
  return answer;
}
const problem = make('p', { id: 'problem' });
/** Does something, and shows why where that is refused. */
const trying = (work) => async () => {
  problem.textContent = '';
  try { await work(); } catch (error) { problem.textContent = error.message; at('detail').prepend(problem); }
};
const path = (...parts) => parts.map(encodeURIComponent).join('/');
const type = () => at('type').value;

const search = trying(async () => {
  const { columns, rows, count } = await ask('GET', 'page/search?type=' + encodeURIComponent(type()) + '&text=' + encodeURIComponent(at('text').value));
  const head = make('tr', {}, ...['id', ...columns].map((name) => make('th', { textContent: name })));
  const body = rows.map(({ id, values: cells }) => {
    const row = make('tr', { className: 'row' }, ...[id, ...cells].map((value) => make('td', { textContent: value })));
    row.onclick = () => { location.hash = type() + '/' + id; };
    return row;
  });
  const told = count > rows.length ? 'The first ' + rows.length + ' of ' + count + '.' : count + (count === 1 ? ' record.' : ' records.');
  at('list').replaceChildren(make('p', { className: 'faint', textContent: told }), make('table', {}, make('thead', {}, head), make('tbody', {}, ...body)));
});

async function show(id) {
  const shown = type();
  const { fields } = await ask('GET', path('page', 'record', shown, id));
  const inputs = new Map();
  const rows = fields.map(({ name, value, writable }) => {
    const cell = writable ? make('input', { value, name }) : make('span', { className: 'faint', textContent: value });
    if (writable) inputs.set(name, { cell, value });
    return make('tr', {}, make('td', { textContent: name }), make('td', {}, cell));
  });
  const save = make('button', { textContent: 'Save', onclick: trying(async () => {
    const changed = Object.fromEntries([...inputs].filter(([, { cell, value }]) => cell.value !== value).map(([name, { cell }]) => [name, values === 'fields' && cell.value === '' ? null : cell.value]));
    await ask('PATCH', path('people', shown, id), { [values]: changed });
    await show(id);
    await search();
  }) });
  const remove = make('button', { textContent: 'Delete', onclick: trying(async () => {
    await ask('DELETE', path('people', shown, id));
    at('detail').replaceChildren();
    await search();
  }) });
  at('detail').replaceChildren(make('h2', { textContent: shown + ' ' + id }), save, ' ', remove, make('table', {}, make('tbody', {}, ...rows)));
}

/** A form of JSON, for what has no fields yet. */
const jsonForm = (title, text, send) => {
  const area = make('textarea', { value: JSON.stringify(text, null, 2) });
  const done = make('button', { textContent: 'Save', onclick: trying(async () => { await send(JSON.parse(area.value)); await search(); }) });
  return [make('h2', { textContent: title }), area, make('p', {}, done)];
};

at('new').onclick = trying(async () => {
  const first = values === 'fields' ? { LastName: '', Email: '' } : { email: '', lastname: '' };
  at('detail').replaceChildren(...jsonForm('New ' + type(), first, async (body) => show((await ask('POST', path('people', type()), { [values]: body })).id)));
});

async function segments() {
  const { segments: all } = await ask('GET', 'page/segments');
  const rows = all.map((segment) => {
    const cells = [segment.listId, segment.name, segment.processingType, segment.processingStatus, segment.members.length];
    const row = make('tr', { className: 'row' }, ...cells.map((cell) => make('td', { textContent: cell })));
    row.onclick = trying(async () => {
      const save = (filterBranch) => ask('PUT', path('people', 'lists', segment.listId), { filterBranch, unmodelled: 'keep' }).then(segments);
      const members = make('p', { className: 'faint', textContent: 'Members: ' + (segment.members.slice(0, 50).join(', ') || 'none') });
      at('detail').replaceChildren(...jsonForm(segment.name + ' (' + segment.listId + ')', segment.filterBranch, save), members);
    });
    return row;
  });
  const empty = { filterBranchType: 'OR', filters: [], filterBranches: [] };
  const create = (wanted) => ask('POST', 'people/lists', wanted).then(segments);
  at('detail').replaceChildren(
    make('h2', { textContent: 'Segments' }),
    make('table', {}, make('tbody', {}, ...rows)),
    ...jsonForm('New segment', { name: '', filterBranch: empty, unmodelled: 'keep' }, create),
  );
}
if (at('segments')) at('segments').onclick = () => (location.hash === '#segments' ? trying(segments)() : (location.hash = 'segments'));

let last = 0;
async function watchCalls() {
  try {
    const { calls } = await ask('GET', 'page/calls?after=' + last);
    for (const call of calls) {
      last = call.n;
      const time = new Date(call.at).toISOString().slice(11, 23);
      const status = make('td', { textContent: call.status || 'cut', className: call.status >= 400 || !call.status ? 'bad' : '' });
      at('calls').prepend(make('tr', {}, make('td', { className: 'n', textContent: time }), make('td', { textContent: call.method }), make('td', { textContent: call.path }), status));
    }
    while (at('calls').children.length > 200) at('calls').lastChild.remove();
  } catch { /* the sandbox has ended, or is being started again */ }
  setTimeout(watchCalls, 1000);
}
at('type').onchange = at('text').oninput = search;

/** \`#contacts/51\` shows a record, \`#segments\` the segments: what is shown can be handed on as a link. */
const follow = trying(async () => {
  const [wanted, id] = decodeURIComponent(location.hash.slice(1)).split('/');
  if (wanted === 'segments' && at('segments')) return segments();
  if (!id) return;
  if (at('type').value !== wanted) { at('type').value = wanted; await search(); }
  await show(id);
});
addEventListener('hashchange', follow);
search().then(follow);
watchCalls();
</script>
</body>
</html>
`;
