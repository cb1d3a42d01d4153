import { permitCodeSchema, policyReasonCodeSchema } from '../../access/reason-code.ts';
import type { Finding } from '../finding.ts';
import type { RegoRule } from './rego-rules.ts';

const REASONS: ReadonlySet<string> = new Set(policyReasonCodeSchema.options);
const PERMITS: ReadonlySet<string> = new Set(permitCodeSchema.options);
/** `area.reason`: what sets of other things hold looks otherwise. */
const CODE = /^[a-z]+(?:_[a-z]+)*\.[a-z_]+$/;

/** A code that nobody knows makes the whole answer worthless: everybody it is given to is denied, and told that the policy failed. */
export function findUnknownCodes(rules: readonly RegoRule[]): readonly Finding[] {
  return rules.flatMap(({ name, member, file, row }) => {
    const [known, what] = name === 'permits' ? [PERMITS, 'permit'] : [REASONS, 'reason'];
    if (member === null || !CODE.test(member) || known.has(member)) return [];
    return [
      {
        code: 'lint.unknown_code',
        severity: 'error' as const,
        message: `"${member}" is no ${what} that the gateway knows`,
        file,
        row,
        col: 1,
      },
    ];
  });
}
