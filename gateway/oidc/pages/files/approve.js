// What apps ask over the back channel: the passkey shows it, and a passkey answers each request.
const status = document.getElementById('status');
const list = document.getElementById('requests');
const show = document.getElementById('show');
const texts = JSON.parse(list.dataset.texts);

async function call(path, body) {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const answer = await response.json();
  // The gateway's own words are English.
  if (!response.ok) throw new Error((texts.showsProblems && answer.error?.message) || texts.failed);
  return answer;
}

async function withPasskey(optionsPath, question, path) {
  const { ceremonyId, options } = await call(optionsPath, question);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials.get({ publicKey });
  return call(path, { ceremonyId, response: credential.toJSON() });
}

async function guarded(button, work) {
  button.disabled = true;
  status.textContent = '';
  try {
    await work();
  } catch (problem) {
    status.textContent = problem.name === 'NotAllowedError' ? texts.passkeyUnused : problem.message;
  } finally {
    button.disabled = false;
  }
}

const outcomes = { approved: texts.approved, refused: texts.refusedByYou };

function describe({ outcome, reasons, decisionId }) {
  return outcomes[outcome] ?? `${texts.denied} ${reasons.map(({ message }) => message).join(' ')} (${decisionId})`;
}

function entryOf({ id, appName, bindingMessage }) {
  const entry = document.createElement('li');
  const text = document.createElement('p');
  text.textContent = `${appName}: ${bindingMessage}`;
  const actions = document.createElement('div');
  actions.className = 'actions';
  for (const [answer, label] of [
    ['approve', texts.approve],
    ['refuse', texts.refuse],
  ]) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    if (answer === 'approve') button.className = 'primary';
    button.addEventListener('click', () =>
      guarded(button, async () => {
        const path = `/api/approvals/${encodeURIComponent(id)}`;
        status.textContent = describe(await withPasskey(`${path}/options`, { answer }, `${path}/${answer}`));
        entry.remove();
      }),
    );
    actions.append(button);
  }
  entry.append(text, actions);
  return entry;
}

show.addEventListener('click', () =>
  guarded(show, async () => {
    const { requests } = await withPasskey('/api/approvals/options', {}, '/api/approvals');
    list.replaceChildren(...requests.map(entryOf));
    status.textContent = requests.length === 0 ? texts.noneWaits : `${requests.length} ${texts.waiting}`;
  }),
);
