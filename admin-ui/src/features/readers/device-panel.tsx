import type { ReaderView } from '#gateway/http/contract/readers.ts';
import { Panel } from '../../shared/ui/page.tsx';
import { Ago } from '../../shared/ui/time.tsx';
import { Facts } from './facts.tsx';
import { conditionText, count, identityText, retryText, timesText } from './reader-words.ts';

export function DevicePanel({ reader, state }: { reader: ReaderView; state: string }) {
  return (
    <Panel title="Device">
      <Facts
        facts={[
          ['State', state],
          ['Since', reader.sinceMs === null ? 'never heard' : <Ago key="since" atMs={reader.sinceMs} />],
          ['Housing', conditionText(reader)],
          ['Line', `${reader.busId}, address ${String(reader.address)}`],
          ['Says it is', identityText(reader)],
          ['Serial number', reader.identity?.serial ?? 'not heard yet'],
        ]}
      />
    </Panel>
  );
}

export function TrafficPanel({ reader }: { reader: ReaderView }) {
  const { traffic } = reader;
  return (
    <Panel title="Traffic" aside={<span className="soft">since the door controller started</span>}>
      <Facts
        facts={[
          ['Polls', count(traffic.polls)],
          ['Commands', count(traffic.exchanges - traffic.polls)],
          ['Sent again', retryText(reader)],
          ['Not answered', count(traffic.timeouts)],
          ['Wrong checks', count(traffic.badChecks)],
          ['Went offline', timesText(traffic.offline)],
          ['Round trip', `${traffic.roundTripP50Ms.toFixed(1)} ms median, 99 % within ${traffic.roundTripP99Ms.toFixed(1)} ms`],
        ]}
      />
    </Panel>
  );
}
