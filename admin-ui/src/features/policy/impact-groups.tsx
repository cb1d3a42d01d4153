import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ImpactReportView } from '#gateway/http/contract/policy.ts';
import { reasonLabels } from '../../shared/log/reason-labels.ts';
import { PersonName, SubjectName } from '../../shared/ui/name.tsx';
import { Instant } from '../../shared/ui/time.tsx';
import type { ImpactKind } from './impact-words.ts';
import styles from './impact.module.css';
import shared from './policy.module.css';
import { plural } from './revision-words.ts';

type Group = ImpactReportView['byPerson']['groups'][number];
type Example = Group['examples'][number];

interface ImpactGroupsProps {
  readonly report: ImpactReportView;
  readonly kind: ImpactKind;
  readonly revisionId: string;
  readonly parentId: string | null;
}

/** The same flips four times: by person, by door, by app and by the line that made the difference. */
export function ImpactGroups({ report, kind, revisionId, parentId }: ImpactGroupsProps) {
  const isPerson = (key: string): boolean => !key.startsWith('(');
  return (
    <div className={styles.groups}>
      <GroupList title="People" kind={kind} groups={report.byPerson} name={({ key }) => (isPerson(key) ? <PersonName id={key} /> : key)} />
      <GroupList
        title="Doors"
        kind={kind}
        groups={report.byDoor}
        name={({ key }) => <SubjectName subject={{ kind: 'doors', id: key }} />}
      />
      <GroupList title="Apps" kind={kind} groups={report.byApp} name={({ key }) => <SubjectName subject={{ kind: 'apps', id: key }} />} />
      <GroupList
        title="Lines"
        kind={kind}
        groups={report.byLine}
        name={(group) => <CauseLine group={group} revisionId={revisionId} parentId={parentId} />}
      />
    </div>
  );
}

interface GroupListProps {
  readonly title: string;
  readonly kind: ImpactKind;
  readonly groups: ImpactReportView['byPerson'];
  readonly name: (group: Group) => ReactNode;
}

function GroupList({ title, kind, groups, name }: GroupListProps) {
  const shown = groups.groups.filter((group) => group.kinds[kind] > 0);
  if (shown.length === 0) return null;
  const left = groups.total - groups.groups.length;
  return (
    <section className={styles.group} aria-label={title}>
      <h3>{title}</h3>
      <ul>
        {shown.map((group) => (
          <li key={group.key}>
            <div className={styles.groupHead}>
              <span>{name(group)}</span>
              <span className="soft">{plural(group.kinds[kind], 'decision')}</span>
            </div>
            <Examples examples={group.examples.filter((example) => example.kind === kind)} count={group.kinds[kind]} />
          </li>
        ))}
      </ul>
      {left > 0 && <p className="soft">{plural(left, 'smaller group')} not named here; all are counted.</p>}
    </section>
  );
}

function CauseLine({ group: { key, cause }, revisionId, parentId }: { group: Group } & Pick<ImpactGroupsProps, 'revisionId' | 'parentId'>) {
  if (cause === null) return key;
  const { side, file, row, text } = cause;
  const at = side === 'draft' ? revisionId : parentId;
  const place = `${file}:${String(row)}`;
  return (
    <>
      {at === null ? (
        <span className="soft">{place}</span>
      ) : (
        <Link to="/console/policy/revisions/$revisionId/edit" params={{ revisionId: at }} search={{ file, row }} className={shared.place}>
          {place}
        </Link>
      )}
      {side === 'before' && <span className="soft"> no longer in the draft</span>}
      <code className={styles.causeText}>{text}</code>
    </>
  );
}

function Examples({ examples, count }: { examples: readonly Example[]; count: number }) {
  if (examples.length === 0) return null;
  return (
    <details className={styles.examples}>
      <summary>
        {examples.length < count ? `${String(examples.length)} of ${plural(count, 'decision')}` : plural(count, 'decision')}
      </summary>
      <ol>
        {examples.map((example) => (
          <li key={example.decisionId}>
            <Link to="/console/decisions/$decisionId" params={{ decisionId: example.decisionId }}>
              <Instant atMs={example.occurredAtMs} />
            </Link>{' '}
            {example.personId !== null && <PersonName id={example.personId} />} <span className="soft">{example.action}</span>{' '}
            {example.resourceId}
            <div>
              {outcomeText(example.before)} → {outcomeText(example.after)}
            </div>
          </li>
        ))}
      </ol>
    </details>
  );
}

const labels: Readonly<Record<string, string>> = reasonLabels;

function outcomeText({ effect, codes, obligations }: Example['before']): string {
  if (effect === 'deny') return `denied: ${codes.map((code) => labels[code] ?? code).join(', ')}`;
  return obligations.length === 0 ? 'permitted' : `permitted with ${plural(obligations.length, 'condition')}`;
}
