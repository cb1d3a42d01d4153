import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Circle, CircleAlert, CircleCheck, CircleDashed, CircleDot, CircleMinus, type LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { z } from 'zod';
import { checkResultSchema, testResultSchema, type RevisionDetailView } from '#gateway/http/contract/policy.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Panel } from '../../shared/ui/page.tsx';

import { EmergencyButton } from './emergency-button.tsx';
import { LifeDialog, type LifeDialogName } from './life-dialog.tsx';
import { lifeSteps, type LifeStep, type StepName, type StepState, type Viewer } from './life-steps.ts';
import { COMPILER_TIMEOUT_MS, revisionPath } from './policy-queries.ts';
import { PolicyProblem } from './policy-problem.tsx';
import styles from './life-panel.module.css';
import shared from './policy.module.css';

const names: Readonly<Record<StepName, string>> = {
  check: 'Check',
  test: 'Tests',
  impact: 'Impact',
  approve: 'Approval',
  sign: 'Signature',
  shadow: 'Shadow run',
  activate: 'In force',
};

const icons: Readonly<Record<StepState, readonly [icon: LucideIcon, word: string]>> = {
  done: [CircleCheck, 'done'],
  next: [CircleDot, 'next'],
  later: [Circle, 'to come'],
  failed: [CircleAlert, 'failed'],
  skipped: [CircleMinus, 'left out'],
  running: [CircleDashed, 'running'],
};

/** The way of the revision, and the steps that this person may take now. */
export function LifePanel({ detail, viewer }: { detail: RevisionDetailView; viewer: Viewer }) {
  const { revision } = detail;
  const [dialog, setDialog] = useState<LifeDialogName | null>(null);
  const check = useStep(revision.id, 'check', checkResultSchema);
  const test = useStep(revision.id, 'test', testResultSchema);
  const error = check.error ?? test.error;
  return (
    <Panel title="The way into force" aside={<EmergencyButton revision={revision} viewer={viewer} onOpen={() => setDialog('emergency')} />}>
      <ol className={styles.steps}>
        {lifeSteps(detail, viewer).map((step) => (
          <Step key={step.name} step={step}>
            {step.offered && <StepButton name={step.name} detail={detail} check={check} test={test} onDialog={setDialog} />}
          </Step>
        ))}
      </ol>
      {error !== null && (
        <div className={shared.below}>
          <PolicyProblem error={error} />
        </div>
      )}
      {dialog !== null && <LifeDialog name={dialog} detail={detail} onClose={() => setDialog(null)} />}
    </Panel>
  );
}

/** A step that takes no reason. */
function useStep<T>(revisionId: string, step: 'check' | 'test', schema: z.ZodType<T>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => postJson(revisionPath(revisionId, step), {}, schema, COMPILER_TIMEOUT_MS),
    onSettled: () => queries.invalidateQueries({ queryKey: ['policy'] }),
  });
}

interface Work {
  readonly isPending: boolean;
  readonly mutate: () => void;
}

interface StepButtonProps {
  readonly name: StepName;
  readonly detail: RevisionDetailView;
  readonly check: Work;
  readonly test: Work;
  readonly onDialog: (name: LifeDialogName) => void;
}

function StepButton({ name, detail, check, test, onDialog }: StepButtonProps) {
  const { state } = detail.revision;
  switch (name) {
    case 'check':
      return (
        <Button size="small" busy={check.isPending} onClick={() => check.mutate()}>
          {detail.check === null ? 'Check' : 'Check again'}
        </Button>
      );
    case 'test':
      return (
        <Button size="small" busy={test.isPending} onClick={() => test.mutate()}>
          {detail.test === null ? 'Run the tests' : 'Run again'}
        </Button>
      );
    case 'impact':
      return (
        <Button size="small" onClick={showImpact}>
          {detail.impact === null ? 'To the impact' : 'Show'}
        </Button>
      );
    case 'approve':
      return <DialogButton text="Approve" look="primary" onClick={() => onDialog('approve')} />;
    case 'sign':
      return <DialogButton text="Sign" look="primary" onClick={() => onDialog('sign')} />;
    case 'shadow':
      return state === 'shadow' ? (
        <DialogButton text="End the run" onClick={() => onDialog('shadow_end')} />
      ) : (
        <DialogButton text="Start" onClick={() => onDialog('shadow')} />
      );
    case 'activate':
      return state === 'superseded' ? (
        <DialogButton text="Bring back" onClick={() => onDialog('return')} />
      ) : (
        <DialogButton text="Bring into force" look="primary" onClick={() => onDialog('activate')} />
      );
  }
}

function DialogButton({ text, look = 'plain', onClick }: { text: string; look?: 'plain' | 'primary'; onClick: () => void }) {
  return (
    <Button size="small" look={look} onClick={onClick}>
      {text}
    </Button>
  );
}

function showImpact(): void {
  const panel = document.getElementById('impact');
  panel?.scrollIntoView({ block: 'start' });
  panel?.focus({ preventScroll: true });
}

function Step({ step, children }: { step: LifeStep; children: ReactNode }) {
  const [Icon, word] = icons[step.state];
  return (
    <li className={styles.step} data-state={step.state}>
      <Icon size={18} aria-hidden />
      <div>
        <strong>{names[step.name]}</strong> <span className="visually-hidden">{word}. </span>
        <span className={styles.stepDetail}>{step.detail}</span>
        {step.hindered !== '' && <p className={styles.hindered}>{step.hindered}</p>}
      </div>
      <div>{children}</div>
    </li>
  );
}
