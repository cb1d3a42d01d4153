import { IMPORT_TABLE_CHARS_MAX } from '#gateway/http/contract/people-import.ts';

export type TableFile = { readonly text: string } | { readonly problem: string };

/** A file that somebody chose; null where they chose none. What is too large is not read. */
export async function readTableFile(file: File | undefined): Promise<TableFile | null> {
  if (file === undefined) return null;
  if (file.size > IMPORT_TABLE_CHARS_MAX * 4) return { problem: TOO_LARGE };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    return text.length > IMPORT_TABLE_CHARS_MAX ? { problem: TOO_LARGE } : text === '' ? { problem: 'The file is empty.' } : { text };
  } catch {
    return { problem: 'The file is not UTF-8: save it as CSV UTF-8.' };
  }
}

const TOO_LARGE = `The file is longer than ${String(IMPORT_TABLE_CHARS_MAX)} characters: import it with the gatehouse command at the host.`;
