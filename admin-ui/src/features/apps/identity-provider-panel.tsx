import { useQuery } from '@tanstack/react-query';
import { KeyRound, RefreshCw, ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import { retiredKeySchema, rotatedKeysSchema, type RetiredKey, type SigningKeyView } from '#gateway/http/contract/oidc-admin.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { CopyButton } from '../../shared/ui/copy-button.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { PersonName } from '../../shared/ui/name.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { ReasonDialog } from '../../shared/ui/reason-dialog.tsx';
import table from '../../shared/ui/table.module.css';
import { TableHead } from '../../shared/ui/table-head.tsx';
import { Ago, Instant } from '../../shared/ui/time.tsx';
import { identityProviderQuery, postWork } from './app-queries.ts';
import styles from './apps.module.css';

type Open = { readonly kind: 'rotate' } | { readonly kind: 'retire'; readonly key: SigningKeyView } | null;

/** The gateway as the apps' identity provider: its address and its keys. */
export function IdentityProviderPanel({ mayRotate, mayRetire }: { mayRotate: boolean; mayRetire: boolean }) {
  const provider = useQuery(identityProviderQuery);
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  const aside = mayRotate && (
    <Button size="small" icon={RefreshCw} onClick={() => setOpen({ kind: 'rotate' })}>
      Rotate keys
    </Button>
  );
  return (
    <Panel title="Identity provider" aside={aside}>
      {provider.data === undefined ? (
        <Pending query={provider} lines={4} />
      ) : (
        <>
          <dl className={styles.facts}>
            <Address label="Issuer" url={provider.data.issuer} />
            <Address label="Discovery" url={provider.data.discoveryUrl} isLink />
          </dl>
          <KeyTable keys={provider.data.keys} {...(mayRetire ? { onRetire: (key) => setOpen({ kind: 'retire', key }) } : {})} />
        </>
      )}
      {open?.kind === 'rotate' && <RotateDialog onClose={close} />}
      {open?.kind === 'retire' && <RetireDialog signingKey={open.key} onClose={close} />}
    </Panel>
  );
}

function Address({ label, url, isLink = false }: { label: string; url: string; isLink?: boolean }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <span className={styles.address}>
          {isLink ? (
            <a href={url} target="_blank" rel="noreferrer">
              {url}
            </a>
          ) : (
            <code>{url}</code>
          )}
          <CopyButton text={url} label={`Copy ${label.toLowerCase()}`} />
        </span>
      </dd>
    </div>
  );
}

const STATES = {
  signing: { tone: 'ok', label: 'Signs' },
  next: { tone: 'info', label: 'Signs later' },
  previous: { tone: 'unknown', label: 'Published only' },
} as const;

function KeyTable({ keys, onRetire }: { keys: readonly SigningKeyView[]; onRetire?: (key: SigningKeyView) => void }) {
  return (
    <table className={table.table}>
      <TableHead columns={['Key', 'State']} wide={['Since']} hasActions={onRetire !== undefined} />
      <tbody>
        {keys.map((key) => (
          <tr key={key.kid}>
            <td>
              {key.alg}
              <div className={styles.kid}>
                <code>{key.kid}</code>
              </div>
              {key.retirementAskedBy !== null && (
                <div className={table.small}>
                  Retirement asked for by <PersonName id={key.retirementAskedBy} />
                </div>
              )}
            </td>
            <td>
              <Chip tone={STATES[key.state].tone}>{STATES[key.state].label}</Chip>
            </td>
            <td className={table.wide}>
              <Since signingKey={key} />
            </td>
            {onRetire !== undefined && (
              <td>
                <Button
                  size="small"
                  look="quiet"
                  icon={ShieldAlert}
                  onClick={() => onRetire(key)}
                  aria-label={`Retire ${key.alg} key ${key.kid}`}
                >
                  Retire
                </Button>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Since({ signingKey: { publishedUntilMs, signsFromMs, state } }: { signingKey: SigningKeyView }) {
  if (state === 'next') {
    return (
      <>
        from <Instant atMs={signsFromMs} />
      </>
    );
  }
  if (state === 'previous' && publishedUntilMs !== null) {
    return (
      <>
        until <Instant atMs={publishedUntilMs} />
      </>
    );
  }
  return signsFromMs === 0 ? <>the first start</> : <Ago atMs={signsFromMs} />;
}

function RotateDialog({ onClose }: { onClose: () => void }) {
  return (
    <ReasonDialog
      title="Rotate signing keys"
      lead="New keys are published now and sign later, when every app has read them. Nobody is signed out."
      action="Rotate keys"
      icon={KeyRound}
      look="primary"
      send={(reason) => postWork('/api/oidc/keys/rotate', { reason }, rotatedKeysSchema)}
      refresh={['oidc']}
      done={({ signsFromMs }) => ({
        body: (
          <p role="status">
            New keys are published. They sign from <Instant atMs={signsFromMs} />.
          </p>
        ),
      })}
      onClose={onClose}
    />
  );
}

function RetireDialog({ signingKey, onClose }: { signingKey: SigningKeyView; onClose: () => void }) {
  const isSigning = signingKey.state === 'signing';
  return (
    <ReasonDialog
      title={`Retire the ${signingKey.alg} key`}
      lead={`For an emergency, such as a stolen backup: the key is published no longer, and what it has signed is worth nothing at once.${
        isSigning ? ' A new key signs in its place; apps fetch it by themselves.' : ''
      }`}
      action="Retire the key"
      icon={ShieldAlert}
      look="danger"
      send={(reason) => postWork('/api/oidc/keys/retire', { kid: signingKey.kid, reason }, retiredKeySchema)}
      refresh={['oidc']}
      done={(result) => ({ body: <Retired result={result} /> })}
      onClose={onClose}
    />
  );
}

function Retired({ result }: { result: RetiredKey }) {
  return (
    <p role="status">
      {result.state === 'retired' ? (
        <>
          The key is gone. {result.replacedBy !== null && <>Its successor is {<code className={styles.kid}>{result.replacedBy}</code>}.</>}
        </>
      ) : (
        <>
          The policy wants two operators for this. A second one has to ask for the same until <Instant atMs={result.untilMs} />.
        </>
      )}
    </p>
  );
}
