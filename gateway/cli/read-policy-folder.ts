import { existsSync, readdirSync, readFileSync, statSync, type Dirent } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { explainIssue } from '../domain/explain-issue.ts';
import {
  isTestPath,
  REVISION_FILE_BYTES_MAX,
  REVISION_FILES_MAX,
  revisionContentSchema,
  type RevisionContent,
} from '../domain/policy/revision.ts';
import { tryParse } from '../domain/try-parse.ts';
import { CliError, EXIT } from './cli-error.ts';

/** What is beside a policy in a checkout and is none of it. */
const OTHER_FOLDERS: ReadonlySet<string> = new Set(['dist', 'toolchain', 'data', 'schema', 'node_modules']);

const isRead = (folderName: string): boolean => !folderName.startsWith('.') && !OTHER_FOLDERS.has(folderName);

/**
 * A draft from a folder, such as a git checkout: its own `policies` folder where it has one. Rego in `tests` or named `_test.rego` are
 * tests, JSON in `cases` are cases, all other Rego is the policy. A link in the place of a file or a folder is refused, and so is what is not UTF-8.
 */
export function readPolicyFolder(folder: string): RevisionContent {
  const root = existsSync(join(folder, 'policies')) ? join(folder, 'policies') : folder;
  const files = filesBelow(root).map((file) => ({ path: relative(root, file).split(sep).join('/'), text: readText(file) }));
  if (files.every(({ path }) => isTestPath(path))) {
    throw new CliError(EXIT.usage, `${root} holds no .rego file${files.length === 0 ? '' : ' beside tests'}`);
  }
  const [policy, tests] = [files.filter(({ path }) => !isTestPath(path)), files.filter(({ path }) => isTestPath(path))];
  const parsed = tryParse(revisionContentSchema, { files: policy, tests }, { error: explainIssue });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [list, index] = issue?.path ?? [];
  const named = (list === 'tests' ? tests : policy)[Number(index)]?.path ?? issue?.path.join('.') ?? '';
  throw new CliError(EXIT.usage, `${root} is no policy: ${named} ${issue?.message ?? 'cannot be used'}`);
}

/** The commit that a checkout stands at, for the note; empty where there is none. */
export function commitOf(folder: string): string {
  const git = join(folder, '.git');
  try {
    const head = readFileSync(join(git, 'HEAD'), 'utf8').trim();
    const ref = /^ref: (refs\/[\w./-]+)$/.exec(head)?.[1];
    const commit = ref === undefined ? head : readFileSync(join(git, ref), 'utf8').trim();
    return /^[0-9a-f]{40,64}$/.test(commit) ? commit : '';
  } catch {
    // No checkout, or one whose refs are packed: a note is a courtesy.
    return '';
  }
}

function filesBelow(root: string): readonly string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of entriesOf(folder)) {
      const path = resolve(folder, entry.name);
      if (entry.isDirectory() && isRead(entry.name)) walk(path);
      const inCases = relative(root, folder).split(sep)[0] === 'cases';
      const isOfPolicy = entry.name.endsWith('.rego') || (inCases && entry.name.endsWith('.json'));
      // Left out in silence, a file of denials would be missing and everything would still compile.
      const isLinkedFolder = entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
      if ((isOfPolicy && entry.isSymbolicLink()) || (isLinkedFolder && isRead(entry.name)))
        throw new CliError(EXIT.usage, `${path} is a link: put what it leads to there`);
      if (isOfPolicy && entry.isFile()) found.push(path);
      if (found.length > REVISION_FILES_MAX) throw new CliError(EXIT.usage, `${root} holds more than ${REVISION_FILES_MAX} files`);
    }
  };
  walk(root);
  return found.sort();
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw new CliError(EXIT.usage, `${folder} cannot be read`, { cause });
  }
}

function readText(file: string): string {
  if (statSync(file).size > REVISION_FILE_BYTES_MAX)
    throw new CliError(EXIT.usage, `${file} is larger than ${REVISION_FILE_BYTES_MAX} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (cause) {
    // A replaced byte could be one in a name that a rule compares with.
    throw new CliError(EXIT.usage, `${file} is not UTF-8 text`, { cause });
  }
}
