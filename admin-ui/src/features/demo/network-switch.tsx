import { useMutation, useQueryClient } from '@tanstack/react-query';
import { emptySchema } from '#gateway/http/contract/common.ts';
import type { DemoView } from '#gateway/http/contract/demo.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Notice, ProblemNotice } from '../../shared/ui/states.tsx';
import { demoQuery } from './demo-query.ts';
import styles from './network-switch.module.css';

type Zone = DemoView['networkZone'];

const zones = [
  { zone: null, name: 'As each address says', moved: '' },
  { zone: 'site', name: 'Site network', moved: 'on the site network' },
  { zone: 'vpn_egress', name: 'VPN', moved: 'on the VPN' },
  { zone: 'elsewhere', name: 'Elsewhere', moved: 'outside the site networks and the VPN' },
] as const satisfies readonly { zone: Zone; name: string; moved: string }[];

function useMove() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (to: Zone) => postJson('/api/demo/network', { zone: to }, emptySchema),
    onSuccess: (_answer, to) => queries.setQueryData(demoQuery.queryKey, (demo) => demo && { ...demo, networkZone: to }),
  });
}

export function NetworkSwitch({ zone }: { zone: Zone }) {
  const move = useMove();
  const shown = move.isPending ? move.variables : zone;
  return (
    <Panel title="Network of everybody at this demo" padded>
      <fieldset className={styles.zones}>
        <legend className="visually-hidden">Network zone of everybody at this demo</legend>
        {zones.map((choice) => (
          <label key={choice.name} className={styles.zone}>
            <input type="radio" name="zone" checked={shown === choice.zone} onChange={() => move.mutate(choice.zone)} />
            {choice.name}
          </label>
        ))}
      </fieldset>
      <p className={styles.recheck}>
        Counts at the next sign-in. An open app asks again when it refreshes, each minute or with “Check access now”: whether the person is
        active, has access, is in the area, and signed in from an allowed network.
      </p>
      {move.isError && <ProblemNotice error={move.error} />}
    </Panel>
  );
}

/** Says above everything that somebody has moved the demo, and moves it back. */
export function MovedNetwork({ zone }: { zone: Zone }) {
  const move = useMove();
  const choice = zones.find((candidate) => candidate.zone === zone);
  if (zone === null || choice === undefined) return null;
  return (
    <Notice tone="warn" role="status">
      <div className={styles.moved}>
        <span>Everybody at this demo counts as {choice.moved}, wherever they are.</span>
        <Button size="small" busy={move.isPending} onClick={() => move.mutate(null)}>
          Go by each address again
        </Button>
      </div>
    </Notice>
  );
}
