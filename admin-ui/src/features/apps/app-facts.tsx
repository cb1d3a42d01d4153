import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { AppDetail } from '#gateway/http/contract/apps.ts';
import { directoryQuery } from '../../shared/api/queries.ts';
import { Panel } from '../../shared/ui/page.tsx';
import { Instant } from '../../shared/ui/time.tsx';
import { SENSITIVITIES } from './app-words.ts';
import styles from './apps.module.css';

/** What the app is, as it is stored; a fact that it does not have is left out. */
export function AppFacts({ app }: { app: AppDetail }) {
  const { data: directory } = useQuery(directoryQuery);
  const { rules } = app;
  const area = rules.requiresAreaId === null ? null : (directory?.areas[rules.requiresAreaId] ?? rules.requiresAreaId);
  return (
    <Panel title="Details">
      <dl className={styles.facts}>
        <Fact label="Client ID">
          <code>{app.clientId}</code>
        </Fact>
        <Codes label="Redirect URIs" values={app.redirectUris} />
        <Codes label="After sign-out" values={app.postLogoutRedirectUris} />
        <Codes label="Back-channel logout" values={app.backchannelLogoutUri === null ? [] : [app.backchannelLogoutUri]} />
        <Codes label="Website" values={app.origin === null ? [] : [app.origin]} />
        <Codes label="Paths" values={app.paths} />
        <Codes label="Open to everybody" values={app.publicPaths} />
        <Codes label="APIs" values={[...app.apis, ...app.apiScopes]} />
        <Fact label="Sensitivity">{SENSITIVITIES[rules.sensitivity]?.label ?? rules.sensitivity}</Fact>
        {area !== null && <Fact label="Only from inside">{area}</Fact>}
        {rules.allowedNetworks.length > 0 && <Fact label="Networks">{rules.allowedNetworks.join(', ')}</Fact>}
        {rules.maxAuthAgeS > 0 && <Fact label="Passkey again">after {Math.round(rules.maxAuthAgeS / 60)} minutes</Fact>}
        {app.secrets.map(({ createdAtMs, validUntilMs }, index) => (
          <Fact key={createdAtMs} label={index === 0 ? 'Secret' : 'Secret before'}>
            <span>
              made <Instant atMs={createdAtMs} />
              {validUntilMs !== null && (
                <>
                  , valid until <Instant atMs={validUntilMs} />
                </>
              )}
            </span>
          </Fact>
        ))}
        {app.createdAtMs !== null && (
          <Fact label="Added">
            <Instant atMs={app.createdAtMs} />
          </Fact>
        )}
      </dl>
    </Panel>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Codes({ label, values }: { label: string; values: readonly string[] }) {
  if (values.length === 0) return null;
  return (
    <Fact label={label}>
      {values.map((value) => (
        <code key={value}>{value}</code>
      ))}
    </Fact>
  );
}
