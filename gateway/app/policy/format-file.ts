import type { Finding } from '../../domain/policy/finding.ts';
import { findTooLarge } from '../../domain/policy/lint/text-limits.ts';
import type { RevisionFile } from '../../domain/policy/revision.ts';
import type { RegoToolchain } from '../../ports/rego-toolchain.ts';

export type FormatResult = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly findings: readonly Finding[] };

/** The canonical layout of one Rego file, or where its syntax ends. @throws as RegoToolchain */
export async function formatFile(toolchain: Pick<RegoToolchain, 'format'>, { path, text }: RevisionFile): Promise<FormatResult> {
  const tooLarge = findTooLarge([{ path, text }]);
  if (tooLarge.length > 0) return { ok: false, findings: tooLarge };
  const formatted = await toolchain.format([{ path, text }]);
  if (!formatted.ok) return { ok: false, findings: formatted.problems.map((problem) => ({ ...problem, severity: 'error' })) };
  const [file] = formatted.files;
  if (file === undefined) throw new TypeError('one file was formatted');
  return { ok: true, text: file.text };
}
