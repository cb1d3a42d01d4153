import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PartName } from '#gateway/http/contract/policy-data.ts';
import { CopyButton } from '../../../shared/ui/copy-button.tsx';
import { LoadMore } from '../../../shared/ui/load-more.tsx';
import { Pending } from '../../../shared/ui/loaded.tsx';
import { PersonName } from '../../../shared/ui/name.tsx';
import { Panel } from '../../../shared/ui/page.tsx';
import { Ago } from '../../../shared/ui/time.tsx';
import { historyQuery, seenQuery } from '../data-queries.ts';
import { JsonText } from './json-text.tsx';
import styles from './seen-panel.module.css';

/** Where the policy reads what a part says: hours over midnight, say, stand apart from plain ones. */
const sectionsOf: Readonly<Record<PartName, readonly [string, ...string[]]>> = {
  grants: ['grants'],
  profiles: ['profiles'],
  schedules: ['weekly', 'schedules'],
  holidays: ['holidays'],
  areas: ['areas'],
  threats: ['threats'],
  exceptions: ['exceptions'],
  library: ['library_settings'],
};

/** A part as the policy reads it, with its version, and who changed it last and why. Nothing here can be edited. */
export function SeenPanel({ part }: { part: PartName }) {
  const [section, setSection] = useState(sectionsOf[part][0]);
  const seen = useInfiniteQuery(seenQuery(section));
  const first = seen.data?.pages[0];
  const members = seen.data?.pages.flatMap((page) => page.members) ?? [];
  return (
    <Panel title="As the policy sees it" aside={<Sections sections={sectionsOf[part]} section={section} onSection={setSection} />}>
      {first === undefined ? (
        <Pending query={seen} lines={4} />
      ) : (
        <>
          <div className={styles.facts}>
            <span className={styles.hash}>
              Data <code>{first.dataRevision.slice(0, 16)}</code>
              <CopyButton text={first.dataRevision} label="Copy the hash" />
            </span>
            <LastChange part={part} />
          </div>
          <JsonText label={`${section} as JSON`} value={Object.fromEntries(members.map(({ key, value }) => [key, value]))} />
          {seen.hasNextPage && <LoadMore label="Load more" busy={seen.isFetchingNextPage} onClick={() => void seen.fetchNextPage()} />}
        </>
      )}
    </Panel>
  );
}

interface SectionsProps {
  readonly sections: readonly string[];
  readonly section: string;
  readonly onSection: (section: string) => void;
}

function Sections({ sections, section, onSection }: SectionsProps) {
  if (sections.length === 1) return <code className="soft">data.gatehouse.{section}</code>;
  return (
    <label className={styles.section}>
      <span>data.gatehouse.</span>
      <select aria-label="Section" value={section} onChange={(event) => onSection(event.target.value)}>
        {sections.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

/** From the newest page of the history; what is older than that is found there. */
function LastChange({ part }: { part: PartName }) {
  const history = useInfiniteQuery(historyQuery);
  const versions = history.data?.pages.flatMap((page) => page.versions);
  const last = versions?.find(({ changes }) => changes.some((change) => change.part === part));
  if (versions === undefined) return null;
  if (last === undefined) {
    return <span>{history.hasNextPage ? 'Not changed lately: see History.' : 'Not changed here since it was set up.'}</span>;
  }
  return (
    <span>
      Version {last.version}, <PersonName id={last.operatorId} />, <Ago atMs={last.atMs} />: {last.reason}
    </span>
  );
}
