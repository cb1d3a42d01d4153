import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical-json.ts';
import type { RevisionContent, RevisionFile } from './revision.ts';

/** SHA-256 (hex) over files and tests in the order of their paths: what two revisions have in common when they are the same. */
export function contentHash({ files, tests }: RevisionContent): string {
  const sorted = (list: readonly RevisionFile[]): RevisionFile[] => list.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return createHash('sha256')
    .update(canonicalJson({ files: sorted(files), tests: sorted(tests) }), 'utf8')
    .digest('hex');
}
