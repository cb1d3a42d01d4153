import { useQuery } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { explainReaderAlarm } from '#gateway/http/contract/reader-alarms.ts';
import type { Condition } from '#gateway/http/contract/reader-operations.ts';
import type { ReaderView } from '#gateway/http/contract/readers.ts';
import { capital } from '../../shared/log/describe-record.ts';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty, Notice } from '../../shared/ui/states.tsx';
import { Ago } from '../../shared/ui/time.tsx';
import { Facts } from './facts.tsx';
import styles from './maintenance.module.css';
import { conditionsQuery } from './maintenance-queries.ts';
import { keyText } from './operation-words.ts';
import { count, timesText } from './reader-words.ts';

const MS_PER_MINUTE = 60_000;

/** The key, the channel, and what each alarm since the start means and asks for. */
export function HealthPanel({ reader }: { reader: ReaderView }) {
  const answer = useQuery(conditionsQuery);
  const condition = answer.data?.conditions.find(({ readerId }) => readerId === reader.id);
  return (
    <Panel title="Key, channel and alarms">
      <Alarms alarms={reader.alarms} />
      {answer.data === undefined ? (
        <Pending query={answer} lines={4} />
      ) : condition === undefined ? (
        <Empty icon={ShieldCheck} title="The door controller does not drive this reader" />
      ) : (
        <ConditionFacts condition={condition} />
      )}
    </Panel>
  );
}

function ConditionFacts({ condition }: { condition: Condition }) {
  const { key, secureChannel, channelAgeMs, channelExchanges, address, baud, isBusy, isInstalling } = condition;
  const place = address === null ? 'not known' : `address ${String(address)}${baud === null ? '' : ` at ${String(baud)} bits per second`}`;
  const minutes = channelAgeMs === null ? null : Math.floor(channelAgeMs / MS_PER_MINUTE);
  return (
    <Facts
      facts={[
        ['Key', keyText(condition)],
        ['Key set', key === null || key.setAtMs === null ? 'not known when' : <Ago atMs={key.setAtMs} />],
        ['Secure channel', `version ${String(secureChannel)}`],
        ['Channel open for', minutes === null ? 'not open' : `${count(minutes)} minutes, ${count(channelExchanges)} exchanges`],
        ['Listens at', place],
        ['Now', isInstalling ? 'install window open' : isBusy ? 'something is being done to it' : 'nothing is being done to it'],
      ]}
    />
  );
}

function Alarms({ alarms }: Pick<ReaderView, 'alarms'>) {
  const codes = Object.keys(alarms);
  if (codes.length === 0) return null;
  return (
    <div className={styles.alarms}>
      {codes.map((code) => {
        const { label, meaning, remedy } = explainReaderAlarm(code);
        return (
          <Notice key={code} tone="warn">
            <p>
              <strong>{capital(label)}</strong>, {timesText(alarms[code] ?? 0)}
            </p>
            <p>
              {meaning} {remedy}
            </p>
          </Notice>
        );
      })}
    </div>
  );
}
