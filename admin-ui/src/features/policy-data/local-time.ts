/** What an `<input type="datetime-local">` shows, in the browser's time zone, to the minute. */
export function toLocalInput(atMs: number): string {
  const at = new Date(atMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Null while the field is empty or not complete. */
export function parseLocalInput(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return null;
  const atMs = new Date(text).getTime();
  return Number.isNaN(atMs) ? null : atMs;
}

/** The moment of a field that shows no seconds: as long as nobody changed it, exactly the one it was filled from. */
export function readLocalInput(text: string, filledFromMs: number | null): number | null {
  return filledFromMs !== null && text === toLocalInput(filledFromMs) ? filledFromMs : parseLocalInput(text);
}
