import { ApiError, toApiError } from '../../shared/api/api-error.ts';
import { ProblemNotice } from '../../shared/ui/states.tsx';

/** What the compiler's own failures mean to whoever writes a policy. */
const texts: Readonly<Record<string, string>> = {
  'policy.toolchain_timed_out':
    'The policy compiler was stopped at its time limit. Try again; when it happens each time, a test or a rule goes on without end.',
  'policy.toolchain_failed':
    'The policy compiler ended without an answer, for instance for want of memory. The policy in force is untouched.',
  'policy.artifact_mismatch': 'The policy compiler, or a compiled policy, is not the one whose hash is known. Nothing was loaded.',
  'policy.load_failed': 'The compiled policy could not be loaded. The one before stays in force.',
  'request.rate_limited': 'Too much work waits for the policy compiler. Try again in a moment.',
  'request.too_large': 'The policy is too large.',
};

/** The failure of a step, by its code in words; a refusal keeps the words of the gateway and the number of its decision. */
export function PolicyProblem({ error }: { error: unknown }) {
  const { status, code, decisionId, message } = toApiError(error);
  return <ProblemNotice error={new ApiError({ status, code, decisionId, message: texts[code] ?? message })} />;
}
