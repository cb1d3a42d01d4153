import { useQuery } from '@tanstack/react-query';
import { CircleHelp, PlugZap, Radio, ServerOff, Unplug } from 'lucide-react';
import type { Status } from '#gateway/http/contract/admin.ts';
import { statusQuery } from '../shared/api/queries.ts';
import { useLive } from '../shared/live/live-context.tsx';
import type { LiveSnapshot } from '../shared/live/live-feed.ts';
import styles from './console-layout.module.css';

const REVISION_CHARS = 10;

/** What every answer on the page depends on: the line, the policy, the epoch, the door node, the log. */
export function StatusLine() {
  const status = useQuery(statusQuery);
  const live = useLive();
  return (
    <footer className={styles.status} aria-label="System status" tabIndex={0}>
      <Connection connection={live.connection} />
      <DoorNode status={status.data} failed={status.isError} />
      {status.data !== undefined && (
        <>
          <Fact name="Policy" value={status.data.policyRevision} />
          <Fact name="Data" value={status.data.dataRevision} />
          <span className={styles.fact}>Epoch {status.data.epoch}</span>
          <span className={`${styles.fact} ${styles.end}`}>Log #{Math.max(status.data.headSeq, live.headSeq)}</span>
        </>
      )}
    </footer>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <span className={styles.fact} title={value}>
      {name} <code>{value.slice(0, REVISION_CHARS)}</code>
    </span>
  );
}

function Connection({ connection }: { connection: LiveSnapshot['connection'] }) {
  return (
    <span className={`${styles.fact} ${connection === 'live' ? styles.good : styles.uncertain}`} role="status">
      {connection === 'live' ? <Radio size={13} aria-hidden /> : <Unplug size={13} aria-hidden />}
      {connection === 'live'
        ? 'Live'
        : connection === 'connecting'
          ? 'Connecting'
          : connection === 'refused'
            ? 'Sign in again'
            : 'Live connection lost, retrying'}
    </span>
  );
}

function DoorNode({ status, failed }: { status: Status | undefined; failed: boolean }) {
  if (status === undefined || failed) {
    return (
      <span className={`${styles.fact} ${styles.uncertain}`}>
        <CircleHelp size={13} aria-hidden /> Door node unknown
      </span>
    );
  }
  if (status.doorNode === 'lost') {
    return (
      <span className={`${styles.fact} ${styles.bad}`}>
        <ServerOff size={13} aria-hidden /> Door node lost
      </span>
    );
  }
  const behind = status.doorNodeEpoch < status.epoch;
  return (
    <span className={`${styles.fact} ${behind ? styles.uncertain : ''}`}>
      <PlugZap size={13} aria-hidden /> Door node online{behind && ` at epoch ${String(status.doorNodeEpoch)}`}
    </span>
  );
}
