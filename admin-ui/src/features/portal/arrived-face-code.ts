/**
 * Takes a face code out of the address (`/me/face#CODE`) and clears the address bar at once, so that it stays in no history, bookmark or
 * screenshot. Empty: none came. It waits through a sign-in and is gone with the page.
 */
export function takeArrivedFaceCode(): string {
  const fragment = location.hash.slice(1);
  if (fragment !== '') history.replaceState(history.state, '', location.pathname);
  return fragment;
}

/** Another code that is opened in the same tab changes only the fragment: the page begins anew with it. */
export function beginAnewWithNextFaceCode(): void {
  addEventListener('hashchange', () => {
    if (location.pathname === '/me/face' && location.hash.length > 1) location.reload();
  });
}
