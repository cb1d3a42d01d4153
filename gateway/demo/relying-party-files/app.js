const REFRESH_INTERVAL_MS = 60_000;

const signedIn = document.querySelector('[data-state="signed-in"]');
const ended = document.querySelector('[data-state="ended"]');

function showEnded(reason) {
  if (!signedIn || !ended) return;
  signedIn.hidden = true;
  ended.hidden = false;
  ended.querySelector('[data-reason]').textContent = reason;
}

function showClaims(claims) {
  for (const field of document.querySelectorAll('[data-claim]')) {
    const value = claims[field.dataset.claim];
    if (typeof value === 'string') field.textContent = value;
  }
}

async function refresh() {
  const status = signedIn.querySelector('[data-status]');
  try {
    const response = await fetch('/refresh', { method: 'POST' });
    const answer = await response.json();
    if (!response.ok) {
      showEnded(answer.description);
      return;
    }
    showClaims(answer.claims);
    status.textContent = `Access confirmed at ${new Date(answer.refreshedAtMs).toLocaleTimeString()}.`;
  } catch {
    status.textContent = 'The app could not be reached. Trying again in a minute.';
  }
}

if (signedIn) {
  const events = new EventSource('/events');
  let timer = 0;
  events.addEventListener('ended', (event) => {
    events.close();
    clearInterval(timer);
    showEnded(JSON.parse(event.data).reason);
  });
  timer = setInterval(refresh, REFRESH_INTERVAL_MS);
  signedIn.querySelector('[data-refresh]').addEventListener('click', refresh);
}
