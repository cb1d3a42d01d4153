import { DoorOpen, Lock } from 'lucide-react';
import type { DataChangeLine, DataPreview } from '#gateway/http/contract/policy-data.ts';
import { Chip } from '../../../shared/ui/chip.tsx';
import { ChangeList } from './change-list.tsx';
import { diffJson, diffPlaces } from './diff-json.ts';
import { itemNames, kindChips } from '../part-words.ts';
import styles from './preview-lines.module.css';

/** What a change does: to the items, and, on demand, to the document that the policy reads. */
export function PreviewLines({ preview }: { preview: DataPreview }) {
  return (
    <div className="stack-s">
      <p>
        <Chip tone={preview.opens ? 'warn' : 'ok'} icon={preview.opens ? DoorOpen : Lock}>
          {preview.opens ? 'May let in more' : 'Lets in nobody more'}
        </Chip>
      </p>
      <ChangeLines lines={preview.lines} />
      <details className={styles.seen}>
        <summary>
          What the policy reads then: {preview.seenTotal === 1 ? '1 place differs' : `${String(preview.seenTotal)} places differ`}
        </summary>
        <ChangeList label="What the policy reads then" diff={diffPlaces(preview.seen, preview.seenTotal)} />
        <p className="soft">
          Data <code>{preview.dataRevision.slice(0, 12)}</code>
        </p>
      </details>
    </div>
  );
}

export function ChangeLines({ lines }: { lines: readonly DataChangeLine[] }) {
  return (
    <ul className={styles.lines} aria-label="What this changes">
      {lines.map((line) => (
        <li key={`${line.part}/${line.id}`} className="stack-s">
          <span className={styles.head}>
            <Chip tone={kindChips[line.kind].tone}>{kindChips[line.kind].label}</Chip>
            <strong>{itemNames[line.part]}</strong>
            <code>{line.id}</code>
          </span>
          {line.kind === 'replaced' && <ChangeList label={`What differs in ${line.id}`} diff={diffJson(line.before, line.after)} />}
        </li>
      ))}
    </ul>
  );
}
