import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { explanationResultSchema, type ExplanationView } from '#gateway/http/contract/policy.ts';
import { getJson } from '../../shared/api/client.ts';
import { Chip } from '../../shared/ui/chip.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import styles from './why-panel.module.css';

/** The decision decided once more: which lines made it, and what would have made another. */
export function WhyPanel({ decisionId }: { decisionId: string }) {
  const why = useQuery({
    queryKey: ['decision-why', decisionId],
    queryFn: ({ signal }) => getJson(`/api/policy/decisions/${encodeURIComponent(decisionId)}`, explanationResultSchema, signal),
    // What was decided, and by what, never changes.
    staleTime: Infinity,
  });
  if (why.data === undefined) {
    return (
      <Panel title="Why">
        <Pending query={why} lines={4} />
      </Panel>
    );
  }
  return (
    <Panel title="Why" aside={<Rerun why={why.data} />}>
      <div className={styles.why}>
        <p className={styles.summary}>{why.data.summary}</p>
        {why.data.rerun === 'different' && (
          <Notice tone="deny">
            Decided again it comes out differently. The record, the data or the policy is not what it was: look into it.
          </Notice>
        )}
        {why.data.rerun === 'impossible' && <Missing missing={why.data.missing} />}
        {why.data.rerun !== 'impossible' && !why.data.enginesAgree && <Notice tone="deny">The two engines disagree about it.</Notice>}
        <WouldPermit changes={why.data.wouldPermit} />
        <Rules rules={why.data.rules} revision={why.data.policyRevision} />
        <Against lines={why.data.against} />
        <Masked paths={why.data.masked} />
        {why.data.engineVersion !== '' && <p className="soft">Compiled by OPA {why.data.engineVersion}.</p>}
      </div>
    </Panel>
  );
}

function Rerun({ why: { rerun } }: { why: ExplanationView }) {
  if (rerun === 'impossible') return <Chip tone="unknown">Cannot be decided again</Chip>;
  if (rerun === 'different') return <Chip tone="deny">Decided again: different</Chip>;
  return <Chip tone="ok">Decided again: the same to the last byte</Chip>;
}

function Missing({ missing }: { missing: ExplanationView['missing'] }) {
  return (
    <Notice tone="warn">
      <p>What is not kept any more:</p>
      <ul>
        {missing.map((what) => (
          <li key={what}>{what}</li>
        ))}
      </ul>
    </Notice>
  );
}

function WouldPermit({ changes }: { changes: ExplanationView['wouldPermit'] }) {
  if (changes.length === 0) return null;
  return (
    <section aria-label="What would have permitted it">
      <h3 className={styles.title}>It would be permitted</h3>
      <ul className={styles.list}>
        {changes.map(({ path, from, to, text }) => (
          <li key={path}>
            {text}
            <span className={styles.fact}>
              <code>{path}</code>: <code>{from}</code> → <code>{to}</code>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Rules({ rules, revision }: { rules: ExplanationView['rules']; revision: string }) {
  if (rules.length === 0) return null;
  return (
    <section aria-label="Rules">
      <h3 className={styles.title}>By these lines of policy {revision.slice(0, 10)}</h3>
      <ul className={styles.list}>
        {rules.map(({ code, message, line, title, description }) => (
          <li key={`${line.file}:${String(line.row)}`}>
            <strong>{title === '' ? message : title}</strong> <code>{code}</code>
            {description !== '' && <p>{description}</p>}
            <Line line={line} />
          </li>
        ))}
      </ul>
      <Link to="/console/policy/revisions" className={styles.more}>
        All revisions of the policy
      </Link>
    </section>
  );
}

function Against({ lines }: { lines: ExplanationView['against'] }) {
  if (lines.length === 0) return null;
  return (
    <section aria-label="What stood against it">
      <h3 className={styles.title}>These lines did not hold, and a permit needs them</h3>
      <ul className={styles.list}>
        {lines.map((line) => (
          <li key={`${line.file}:${String(line.row)}`}>
            <Line line={line} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Line({ line: { file, row, text } }: { line: ExplanationView['against'][number] }) {
  return (
    <span className={styles.fact}>
      <span>
        {file}:{row}
      </span>
      <code className={styles.line}>{text}</code>
    </span>
  );
}

function Masked({ paths }: { paths: ExplanationView['masked'] }) {
  return (
    <section aria-label="Masked">
      <h3 className={styles.title}>Masked in this explanation</h3>
      {paths.length === 0 ? (
        <p>Nothing.</p>
      ) : (
        <ul className={styles.masked}>
          {paths.map((path) => (
            <li key={path}>
              <code>{path}</code>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
