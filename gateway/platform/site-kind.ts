import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayError } from '../domain/errors.ts';
import { prepareDataDir } from './preconditions.ts';

/** The demo site has people and badges that everybody knows: its records must never be those of a site that somebody relies on. */
export type SiteKind = 'demo' | 'configured';

/** Beside the folder of a site of one's own (`./data`), so that trying the demo leaves nothing in it. */
export const DEMO_DATA_DIR_DEFAULT = './data/demo';
const MARK_FILE = 'site-kind';
const DRAFT_PREFIX = `.${MARK_FILE}.`;
const MARK_MODE = 0o600;

/**
 * Makes the data folder private and marks it as of this kind; a marked one must be of it. Called before anything in it is opened.
 * @throws config.invalid the folder belongs to the other kind, or the demo is given one that holds something already.
 */
export function claimDataDir(dataDir: string, kind: SiteKind): void {
  const found = readMark(dataDir);
  if (found === null && kind === 'demo' && listEntries(dataDir).length > 0) {
    throw refused(`${dataDir} holds something already, and the demo site starts in an empty folder only. ${remedy('demo')}`);
  }
  assertKind(dataDir, found ?? kind, kind);
  prepareDataDir(dataDir);
  if (found === null) writeMark(dataDir, kind);
  // Of two first starts, one wrote the mark.
  assertKind(dataDir, readMark(dataDir), kind);
}

function assertKind(dataDir: string, found: string | null, kind: SiteKind): void {
  if (found === kind) return;
  if (found === 'demo') throw refused(`${dataDir} holds the demo site, whose people and badges are known to everybody. ${remedy(kind)}`);
  if (found === 'configured') throw refused(`${dataDir} holds a configured site, which the demo must not touch. ${remedy(kind)}`);
  throw refused(`${join(dataDir, MARK_FILE)} does not say what kind of site the folder holds (demo or configured). ${remedy(kind)}`);
}

function remedy(kind: SiteKind): string {
  return kind === 'demo'
    ? 'Name another folder with GATEHOUSE_DATA_DIR, or start with a configuration (GATEHOUSE_CONFIG, or gatehouse.yaml in the working folder).'
    : 'Name another folder with data_dir or GATEHOUSE_DATA_DIR.';
}

const refused = (text: string, cause?: unknown): GatewayError => new GatewayError('config.invalid', `data_dir: ${text}`, { cause });

const isCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code;

function readMark(dataDir: string): string | null {
  try {
    return readFileSync(join(dataDir, MARK_FILE), 'utf8').trim();
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return null;
    throw refused(`${join(dataDir, MARK_FILE)} cannot be read`, cause);
  }
}

function listEntries(dataDir: string): readonly string[] {
  try {
    // A start that was killed while it wrote the mark leaves its draft.
    return readdirSync(dataDir).filter((name) => !name.startsWith(DRAFT_PREFIX));
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return [];
    throw refused(`${dataDir} cannot be read`, cause);
  }
}

/** A whole, synced file is linked to its name: the mark is there with its text or not at all. */
function writeMark(dataDir: string, kind: SiteKind): void {
  const draft = join(dataDir, `${DRAFT_PREFIX}${randomUUID()}`);
  try {
    const file = openSync(draft, 'wx', MARK_MODE);
    try {
      writeSync(file, `${kind}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    linkSync(draft, join(dataDir, MARK_FILE));
    syncFolder(dataDir);
  } catch (cause) {
    // Another first start was faster: its mark is read next.
    if (!isCode(cause, 'EEXIST')) throw refused(`${join(dataDir, MARK_FILE)} cannot be written`, cause);
  } finally {
    rmSync(draft, { force: true });
  }
}

function syncFolder(dataDir: string): void {
  const folder = openSync(dataDir, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
