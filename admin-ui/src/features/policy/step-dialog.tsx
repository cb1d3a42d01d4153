import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { revisionResultSchema } from '#gateway/http/contract/policy.ts';
import { postJson } from '../../shared/api/client.ts';
import { ReasonDialog } from '../../shared/ui/reason-dialog.tsx';
import { PolicyProblem } from './policy-problem.tsx';
import { COMPILER_TIMEOUT_MS } from './policy-queries.ts';

interface StepDialogProps {
  readonly title: string;
  readonly lead: ReactNode;
  readonly action: string;
  readonly icon: LucideIcon;
  readonly look: 'primary' | 'danger';
  readonly path: string;
  /** What is sent beside the reason. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly onClose: () => void;
}

/** A step in the life of a revision that takes a reason. It closes when the step is taken: the page shows what the revision is then. */
export function StepDialog({ path, body, ...dialog }: StepDialogProps) {
  return (
    <ReasonDialog
      {...dialog}
      hint="It is recorded with the decision and stays with the revision."
      send={(reason) => postJson(path, { ...body, reason }, revisionResultSchema, COMPILER_TIMEOUT_MS)}
      refresh={['policy']}
      problem={(error) => <PolicyProblem error={error} />}
    />
  );
}
