/**
 * Takes the one-time token out of the address (`/enrol#TOKEN` or `/enrol#token=TOKEN`) and clears the address bar at once, so that
 * it stays in no history, bookmark or screenshot.
 */
export function takeEnrolmentToken(): string {
  const fragment = location.hash.slice(1);
  if (fragment === '') return '';
  history.replaceState(history.state, '', location.pathname);
  return new URLSearchParams(fragment).get('token') ?? decodeURIComponent(fragment);
}

/** Another link that is opened in the same tab changes only the fragment: the page begins anew with it. */
export function beginAnewWithNextLink(): void {
  addEventListener('hashchange', () => {
    if (location.pathname === '/enrol' && location.hash.length > 1) location.reload();
  });
}
