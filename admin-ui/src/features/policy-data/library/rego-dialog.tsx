import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { revisionDetailSchema, revisionsSchema } from '#gateway/http/contract/policy.ts';
import { getJson } from '../../../shared/api/client.ts';
import { Dialog } from '../../../shared/ui/dialog.tsx';
import { Pending } from '../../../shared/ui/loaded.tsx';
import { Notice } from '../../../shared/ui/states.tsx';
import styles from './library-page.module.css';
import type { ReadyPolicy } from './ready-policy.ts';
import { regoFileOf } from './rego-file.ts';

/** The rule behind a card, as the revision in force has it. Read only: rules are changed by a draft. */
export function RegoDialog({ policy, onClose }: { policy: ReadyPolicy; onClose: () => void }) {
  const source = useQuery({
    queryKey: ['policy', 'library-source'],
    queryFn: async ({ signal }) => {
      const { activations } = await getJson('/api/policy/revisions?limit=1', revisionsSchema, signal);
      const id = activations[0]?.revisionId;
      if (id === undefined) return [];
      const detail = await getJson(`/api/policy/revisions/${encodeURIComponent(id)}`, revisionDetailSchema, signal);
      return detail.content.files;
    },
  });
  const file = source.data === undefined ? undefined : regoFileOf(policy.id, source.data);
  return (
    <Dialog title={`${policy.title}: its rule`} onClose={onClose}>
      {source.data === undefined ? (
        <Pending query={source} lines={8} />
      ) : file === undefined ? (
        <Notice tone="warn">The revision in force has no file for this policy: switching it on does nothing.</Notice>
      ) : (
        <>
          <p className="soft">
            <code>{file.path}</code> of the revision in force. Rules are changed by a draft in{' '}
            <Link to="/console/policy/revisions">Revisions</Link>.
          </p>
          <pre className={styles.source} tabIndex={0} role="region" aria-label={file.path}>
            {file.text}
          </pre>
        </>
      )}
    </Dialog>
  );
}
