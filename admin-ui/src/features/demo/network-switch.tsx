import { useMutation, useQueryClient } from '@tanstack/react-query';
import { emptySchema } from '#gateway/http/contract/common.ts';
import type { DemoView } from '#gateway/http/contract/demo.ts';
import { postJson } from '../../shared/api/client.ts';
import { Panel } from '../../shared/ui/page.tsx';
import { ProblemNotice } from '../../shared/ui/states.tsx';
import { demoQuery } from './demo-query.ts';
import styles from './demo.module.css';

const zones = [
  { zone: null, name: 'As the address says' },
  { zone: 'site', name: 'Site network' },
  { zone: 'vpn_egress', name: 'VPN' },
  { zone: 'elsewhere', name: 'Elsewhere' },
] as const satisfies readonly { zone: DemoView['networkZone']; name: string }[];

export function NetworkSwitch({ zone }: { zone: DemoView['networkZone'] }) {
  const queries = useQueryClient();
  const move = useMutation({
    mutationFn: (to: DemoView['networkZone']) => postJson('/api/demo/network', { zone: to }, emptySchema),
    onSuccess: (_answer, to) => queries.setQueryData(demoQuery.queryKey, (demo) => demo && { ...demo, networkZone: to }),
  });
  const shown = move.isPending ? move.variables : zone;
  return (
    <Panel title="Your network" padded>
      <fieldset className={styles.zones}>
        <legend className="visually-hidden">Network zone of this machine</legend>
        {zones.map((choice) => (
          <label key={choice.name} className={styles.zone}>
            <input type="radio" name="zone" checked={shown === choice.zone} onChange={() => move.mutate(choice.zone)} />
            {choice.name}
          </label>
        ))}
      </fieldset>
      {move.isError && <ProblemNotice error={move.error} />}
    </Panel>
  );
}
