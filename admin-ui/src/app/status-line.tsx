import { useQuery } from '@tanstack/react-query';
import { CircleHelp, Hourglass, PlugZap, Radio, ServerOff, Unplug, type LucideIcon } from 'lucide-react';
import type { Status } from '#gateway/http/contract/admin.ts';
import { statusQuery } from '../shared/api/queries.ts';
import { useLive, useNotKnown } from '../shared/live/live-context.tsx';
import type { LiveSnapshot } from '../shared/live/live-feed.ts';
import { doorNodeWords, type DoorNodeWords } from './door-node-words.ts';
import styles from './status-line.module.css';

const REVISION_CHARS = 10;

/** What every answer on the page depends on: the line, the door node, the policy, the log. Without the line, the rest is not known. */
export function StatusLine() {
  const status = useQuery(statusQuery);
  const live = useLive();
  const notKnown = useNotKnown();
  const known = status.data === undefined || status.isError ? null : status.data;
  return (
    <footer className={styles.status} aria-label="System status">
      <Connection connection={live.connection} />
      <DoorNode words={doorNodeWords(known, notKnown)} />
      {known !== null && notKnown === null && <Revisions status={known} headSeq={Math.max(known.headSeq, live.headSeq)} />}
    </footer>
  );
}

function Revisions({ status, headSeq }: { status: Status; headSeq: number }) {
  return (
    <>
      <span className={styles.fact} title={`The rules that decide: ${status.policyRevision}`}>
        Policy <code>{status.policyRevision.slice(0, REVISION_CHARS)}</code>
      </span>
      <span className={styles.fact} title={`The people, doors and grants that they decide about: ${status.dataRevision}`}>
        Data <code>{status.dataRevision.slice(0, REVISION_CHARS)}</code>
      </span>
      <span className={styles.fact} title="Suspensions and reinstatements so far; the door node confirms each">
        Epoch {status.epoch}
      </span>
      <span className={`${styles.fact} ${styles.end}`} title="The number of the last entry">
        Log #{headSeq}
      </span>
    </>
  );
}

const connections: Readonly<Record<LiveSnapshot['connection'], string>> = {
  live: 'Live',
  connecting: 'Connecting',
  lost: 'Live connection lost, retrying',
  refused: 'Sign in again',
};

function Connection({ connection }: { connection: LiveSnapshot['connection'] }) {
  const Icon = connection === 'live' ? Radio : Unplug;
  return (
    <span className={`${styles.fact} ${connection === 'live' ? styles.good : styles.uncertain}`} role="status">
      <Icon size={13} aria-hidden />
      {connections[connection]}
    </span>
  );
}

const nodeLooks: Readonly<Record<DoorNodeWords['state'], { readonly icon: LucideIcon; readonly className: string | undefined }>> = {
  online: { icon: PlugZap, className: '' },
  behind: { icon: Hourglass, className: styles.uncertain },
  lost: { icon: ServerOff, className: styles.bad },
  unknown: { icon: CircleHelp, className: styles.uncertain },
};

function DoorNode({ words }: { words: DoorNodeWords }) {
  const { icon: Icon, className } = nodeLooks[words.state];
  return (
    <span className={`${styles.fact} ${className ?? ''}`}>
      <Icon size={13} aria-hidden />
      {words.text}
    </span>
  );
}
