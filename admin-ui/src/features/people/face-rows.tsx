import { Camera, FileCheck, Fingerprint, IdCard, KeyRound, Trash2, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { FaceTemplateRow } from '#gateway/http/contract/face.ts';
import type { readerTemplatesSchema } from '#gateway/http/contract/reader-templates.ts';
import { dayText, describeTemplate, remedyOf, shortHash } from '../../shared/faces/template-words.ts';
import { traitName } from '../../shared/faces/trait-words.ts';
import { capital } from '../../shared/log/describe-record.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { Instant, useNow } from '../../shared/ui/time.tsx';
import styles from './faces-panel.module.css';

interface RowProps {
  readonly icon: LucideIcon;
  readonly name: string;
  readonly chip: ReactNode;
  readonly facts: ReactNode;
  readonly buttons?: ReactNode;
}

function Row({ buttons, chip, facts, icon: Icon, name }: RowProps) {
  return (
    <li>
      <Icon size={16} aria-hidden />
      <div className={styles.text}>
        <span className={styles.head}>
          <strong>{name}</strong>
          {chip}
        </span>
        <span className="soft">{facts}</span>
      </div>
      {buttons !== undefined && <span className={styles.buttons}>{buttons}</span>}
    </li>
  );
}

interface FaceRowProps {
  readonly template: FaceTemplateRow;
  readonly terminal: { readonly label: string; readonly isRevoked: boolean };
  readonly mayEnd: boolean;
  readonly onReceipt: () => void;
  readonly onEnd: () => void;
}

/** One face, and how it stands. */
export function FaceRow({ mayEnd, onEnd, onReceipt, template, terminal }: FaceRowProps) {
  const nowMs = useNow(60_000);
  const { label, tone } = describeTemplate(template, nowMs);
  const isCarried = template.storage === 'carried';
  const name = isCarried ? 'With the person' : `On ${terminal.label}`;
  return (
    <Row
      icon={isCarried ? IdCard : Camera}
      name={name}
      chip={<Chip tone={tone}>{label}</Chip>}
      facts={<Facts template={template} at={isCarried ? terminal.label : null} remedy={remedyOf(template, { nowMs, ...terminal })} />}
      buttons={
        <>
          {template.hasReceipt && (
            <Button size="small" look="quiet" icon={FileCheck} onClick={onReceipt}>
              Receipt
              <span className="visually-hidden">
                {' '}
                of {name}, {dayText(template.enrolledAtMs)}
              </span>
            </Button>
          )}
          {template.status === 'kept' && mayEnd && (
            <Button size="small" look="quiet" icon={isCarried ? KeyRound : Trash2} onClick={onEnd}>
              {isCarried ? 'Destroy key' : 'Delete'}
              <span className="visually-hidden"> of the face {isCarried ? 'that they carry' : name.toLowerCase()}</span>
            </Button>
          )}
        </>
      }
    />
  );
}

function Facts({
  at,
  remedy,
  template,
}: {
  readonly template: FaceTemplateRow;
  readonly at: string | null;
  readonly remedy: string | null;
}) {
  const { deletionOrderedAtMs, endedAtMs, enrolledAtMs, expiresAtMs, packHash, status } = template;
  return (
    <>
      Since {dayText(enrolledAtMs)}
      {at !== null && `, enrolled at ${at}`}
      {status === 'kept' && `, until ${dayText(expiresAtMs)}`}
      {status !== 'kept' && endedAtMs !== null && (
        <>
          , ended <Instant atMs={endedAtMs} precision="minute" />
        </>
      )}
      {status === 'kept' && deletionOrderedAtMs !== null && (
        <>
          , ordered <Instant atMs={deletionOrderedAtMs} precision="minute" />
        </>
      )}
      . Pack <code>{shortHash(packHash)}</code>.{remedy !== null && ` ${remedy}`}
    </>
  );
}

type ReaderTemplate = z.infer<typeof readerTemplatesSchema>['templates'][number];

export function ReaderTemplateRow({ template: { enrolledAtMs, expiresAtMs, format, type } }: { template: ReaderTemplate }) {
  const isOver = expiresAtMs <= useNow(60_000);
  return (
    <Row
      icon={Fingerprint}
      name={capital(traitName(type))}
      chip={<Chip tone={isOver ? 'warn' : 'ok'}>{isOver ? 'Expired' : 'In use'}</Chip>}
      facts={`Since ${dayText(enrolledAtMs)}, until ${dayText(expiresAtMs)}. Format ${String(format)}.`}
    />
  );
}
