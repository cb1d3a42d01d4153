import { GitCompareArrows, ShieldCheck, Signature, Siren, Square, UserCheck, type LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { RevisionDetailView } from '#gateway/http/contract/policy.ts';
import { Notice } from '../../shared/ui/states.tsx';
import { DespiteTests } from './despite-tests.tsx';
import { headlines } from './impact-words.ts';
import { revisionPath, revisionsQuery } from './policy-queries.ts';
import { revisionName } from './revision-words.ts';
import { RollBackDialog } from './roll-back-dialog.tsx';
import { StepDialog } from './step-dialog.tsx';
import styles from './policy.module.css';

export type LifeDialogName = 'approve' | 'sign' | 'emergency' | 'shadow' | 'shadow_end' | 'activate' | 'return';

interface Words {
  readonly title: string;
  readonly action: string;
  readonly icon: LucideIcon;
  readonly step: string;
  readonly look: 'primary' | 'danger';
}

const words: Readonly<Record<Exclude<LifeDialogName, 'return'>, Words>> = {
  approve: { title: 'Approve', action: 'Approve this hash', icon: UserCheck, step: 'approve', look: 'primary' },
  sign: { title: 'Sign', action: 'Sign', icon: Signature, step: 'sign', look: 'primary' },
  emergency: { title: 'Publish in an emergency', action: 'Sign without approval', icon: Siren, step: 'emergency', look: 'danger' },
  shadow: { title: 'Start a shadow run', action: 'Start', icon: GitCompareArrows, step: 'shadow', look: 'primary' },
  shadow_end: { title: 'End the shadow run', action: 'End the run', icon: Square, step: 'shadow/end', look: 'primary' },
  activate: { title: 'Bring into force', action: 'Bring into force', icon: ShieldCheck, step: 'activate', look: 'primary' },
};

interface LifeDialogProps {
  readonly name: LifeDialogName;
  readonly detail: RevisionDetailView;
  readonly onClose: () => void;
}

export function LifeDialog({ name, detail, onClose }: LifeDialogProps) {
  const { revision } = detail;
  const [despiteTests, setDespiteTests] = useState(false);
  const list = useInfiniteQuery(revisionsQuery);
  const active = list.data?.pages.flatMap(({ revisions }) => revisions).find(({ state }) => state === 'active');
  if (name === 'return') return <RollBackDialog revisionId={revision.id} active={active} onClose={onClose} />;
  const { step, ...texts } = words[name];
  return (
    <StepDialog
      {...texts}
      lead={
        <>
          <Lead name={name} detail={detail} activeName={active === undefined ? 'what is in force now' : revisionName(active)} />
          {name === 'emergency' && <DespiteTests test={detail.test} checked={despiteTests} onChange={setDespiteTests} />}
        </>
      }
      path={revisionPath(revision.id, step)}
      {...(name === 'approve' ? { body: { revision: revision.revision } } : {})}
      {...(name === 'emergency' ? { body: { despiteTests } } : {})}
      onClose={onClose}
    />
  );
}

interface LeadProps {
  readonly name: Exclude<LifeDialogName, 'return'>;
  readonly detail: RevisionDetailView;
  readonly activeName: string;
}

function Lead({ name, detail, activeName }: LeadProps): ReactNode {
  switch (name) {
    case 'approve':
      return (
        <>
          <p>You answer for exactly this content. A changed letter makes it another revision, which needs its own approval.</p>
          <code className={styles.wholeHash}>{detail.revision.revision}</code>
          <Impact detail={detail} />
        </>
      );
    case 'sign':
      return <p>The gateway signs the hash that was approved. Only signed revisions are ever loaded.</p>;
    case 'emergency':
      return (
        <>
          <Notice tone="deny" role="alert">
            <p>
              <strong>Nobody else looks at it.</strong> This raises an alarm at once, and your name and your reason stay with the revision.
            </p>
          </Notice>
          <p>It is signed without a second person. Bring it into force as you would another.</p>
          <Impact detail={detail} />
        </>
      );
    case 'shadow':
      return (
        <p>
          It decides beside what is in force, on the live traffic of doors and logins. It moves nothing; where it disagrees is recorded.
        </p>
      );
    case 'shadow_end':
      return <p>What it has compared is recorded. The revision stays signed.</p>;
    case 'activate':
      return (
        <>
          <p>Doors and logins decide by it at once, instead of by: {activeName}. Who is signed in is decided anew.</p>
          <Impact detail={detail} />
        </>
      );
  }
}

/** What was measured stands where it is decided upon. */
function Impact({ detail: { impact } }: { detail: RevisionDetailView }) {
  if (impact === null) return <Notice tone="warn">Its impact was never measured.</Notice>;
  return headlines(impact).map(({ tone, text }) => (
    <Notice key={text} tone={tone}>
      {text}
    </Notice>
  ));
}
