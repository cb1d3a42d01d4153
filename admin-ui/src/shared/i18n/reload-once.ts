const KEY = 'gatehouse.reloaded-at';
const AGAIN_AFTER_MS = 30_000;

/** Loads the page anew, unless that was just tried: a file that stays missing must not end in a loop. */
export function reloadOnce(): void {
  try {
    const lastMs = Number(sessionStorage.getItem(KEY) ?? 0);
    if (Date.now() - lastMs < AGAIN_AFTER_MS) return;
    sessionStorage.setItem(KEY, String(Date.now()));
  } catch {
    // Without storage nothing would end the loop.
    return;
  }
  location.reload();
}
