import { useQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { RegisteredClientRow } from '#gateway/http/contract/apps.ts';
import { emptySchema } from '#gateway/http/contract/common.ts';
import { Button } from '../../shared/ui/button.tsx';
import { SubjectName } from '../../shared/ui/name.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { ReasonDialog } from '../../shared/ui/reason-dialog.tsx';
import { ErrorState } from '../../shared/ui/states.tsx';
import table from '../../shared/ui/table.module.css';
import { TableHead } from '../../shared/ui/table-head.tsx';
import { Ago } from '../../shared/ui/time.tsx';
import { postWork, registeredClientsQuery } from './app-queries.ts';
import styles from './apps.module.css';

/** Clients that have registered themselves with an initial access token. Nothing is shown where there are none. */
export function RegisteredClientsPanel({ mayRemove }: { mayRemove: boolean }) {
  const [after, setAfter] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<RegisteredClientRow | null>(null);
  const answer = useQuery(registeredClientsQuery(after));
  if (answer.isError) {
    return (
      <Panel title="Clients that registered themselves">
        <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
      </Panel>
    );
  }
  if (answer.data === undefined || (answer.data.clients.length === 0 && after === null)) return null;
  const { clients, next } = answer.data;
  return (
    <Panel title="Clients that registered themselves">
      <ClientTable clients={clients} {...(mayRemove ? { onRemove: setLeaving } : {})} />
      {(after !== null || next !== null) && (
        <div className={styles.padded}>
          <div className={styles.buttons}>
            <Button onClick={() => setAfter(null)} disabled={after === null}>
              First page
            </Button>
            <Button onClick={() => setAfter(next)} disabled={next === null}>
              Next page
            </Button>
          </div>
        </div>
      )}
      {leaving !== null && (
        <ReasonDialog
          title="Remove a client"
          lead={`${leaving.clientId} is unknown from now on. Whoever is signed in through it is signed out there.`}
          action="Remove"
          icon={Trash2}
          look="danger"
          send={(reason) => postWork(`/api/oidc/clients/${encodeURIComponent(leaving.clientId)}/remove`, { reason }, emptySchema)}
          refresh={['oidc']}
          onClose={() => setLeaving(null)}
        />
      )}
    </Panel>
  );
}

interface ClientTableProps {
  readonly clients: readonly RegisteredClientRow[];
  readonly onRemove?: (client: RegisteredClientRow) => void;
}

function ClientTable({ clients, onRemove }: ClientTableProps) {
  return (
    <table className={table.table}>
      <TableHead columns={['Client', 'App']} wide={['Registered']} hasActions={onRemove !== undefined} />
      <tbody>
        {clients.map((client) => (
          <tr key={client.clientId}>
            <td>
              {client.name === '' ? <span className={table.soft}>without a name</span> : client.name}
              <div className={styles.kid}>
                <code>{client.clientId}</code>
              </div>
            </td>
            <td>
              <SubjectName subject={{ kind: 'apps', id: client.appId }} />
            </td>
            <td className={table.wide}>{client.registeredAtMs !== null && <Ago atMs={client.registeredAtMs} />}</td>
            {onRemove !== undefined && (
              <td>
                <Button size="small" look="quiet" icon={Trash2} onClick={() => onRemove(client)} aria-label={`Remove ${client.clientId}`}>
                  Remove
                </Button>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
