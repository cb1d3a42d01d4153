/** The app that a sign-in began at. Kept by this tab: the gateway forgets a sign-in that has expired. */
export interface SignInOrigin {
  readonly appName: string;
  readonly appUrl: string;
}

const KEY = 'gatehouse.sign-in-origin';

/** Of the last sign-in only: a tab has one at a time. */
export function rememberOrigin(uid: string, origin: SignInOrigin): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ uid, ...origin }));
  } catch {
    // A browser without storage shows the way home instead.
  }
}

/** Null when this tab did not see that sign-in while it was alive. Only web addresses, as with every way out of these pages. */
export function originOf(uid: string): SignInOrigin | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    if (!isOrigin(kept) || kept.uid !== uid) return null;
    const { protocol, origin } = new URL(kept.appUrl);
    return protocol === 'https:' || protocol === 'http:' ? { appName: kept.appName, appUrl: origin } : null;
  } catch {
    return null;
  }
}

function isOrigin(kept: unknown): kept is SignInOrigin & { readonly uid: string } {
  return (
    typeof kept === 'object' &&
    kept !== null &&
    'uid' in kept &&
    'appUrl' in kept &&
    'appName' in kept &&
    typeof kept.appUrl === 'string' &&
    typeof kept.appName === 'string'
  );
}
