const REFRESH_INTERVAL_MS = 60_000;

const signedIn = document.querySelector('[data-state="signed-in"]');

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
    if (response.status === 401 || response.status === 403) {
      // The session is over: the page now says why, and says so again whenever it is loaded.
      location.reload();
      return;
    }
    if (!response.ok) throw new Error('not refreshed');
    showClaims(answer.claims);
    status.textContent = `Access confirmed at ${new Date(answer.refreshedAtMs).toLocaleTimeString()}.`;
  } catch {
    status.textContent = 'The app could not be reached. Trying again in a minute.';
  }
}

if (signedIn) {
  const events = new EventSource('/events');
  events.addEventListener('ended', () => {
    events.close();
    location.reload();
  });
  const timer = setInterval(refresh, REFRESH_INTERVAL_MS);
  // Signing out ends the session too: loading the page then would cut off the way to the gateway.
  signedIn.querySelector('form').addEventListener('submit', () => {
    events.close();
    clearInterval(timer);
  });
  signedIn.querySelector('[data-refresh]').addEventListener('click', refresh);
}
