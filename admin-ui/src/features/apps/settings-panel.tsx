import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { AppSetting } from '#gateway/http/contract/apps.ts';
import { CopyButton } from '../../shared/ui/copy-button.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { appSettingsQuery } from './app-queries.ts';
import styles from './apps.module.css';

interface SettingsPanelProps {
  readonly appId: string;
  /** Known once, right after it was made; null = a placeholder stands for it. */
  readonly secret: string | null;
}

/** Settings to copy into common clients, filled in for this app. */
export function SettingsPanel({ appId, secret }: SettingsPanelProps) {
  const answer = useQuery(appSettingsQuery(appId));
  return (
    <Panel title="Settings to copy">
      {answer.data === undefined ? (
        <Pending query={answer} />
      ) : (
        <Settings
          settings={answer.data.settings}
          fill={(text) => (secret === null ? text : text.replaceAll(answer.data.placeholder, secret))}
        />
      )}
    </Panel>
  );
}

function Settings({ settings, fill }: { settings: readonly AppSetting[]; fill: (text: string) => string }) {
  const [chosen, setChosen] = useState(settings[0]?.id ?? '');
  const setting = settings.find(({ id }) => id === chosen) ?? settings[0];
  if (setting === undefined) return null;
  return (
    <div className={styles.settings}>
      <Field label="For">
        {(control) => (
          <select {...control} value={setting.id} onChange={(event) => setChosen(event.target.value)}>
            {settings.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        )}
      </Field>
      {setting.files.map(({ name, text }) => (
        <SettingFile key={`${setting.id} ${name}`} name={name} text={fill(text)} />
      ))}
      {setting.notes.map((note) => (
        <p key={note} className="soft">
          {note}
        </p>
      ))}
    </div>
  );
}

function SettingFile({ name, text }: { name: string; text: string }) {
  const id = useId();
  return (
    <div className={styles.file}>
      <div className={styles.fileHead}>
        <span id={id}>{name}</span>
        <CopyButton text={text} />
      </div>
      {/* Scrolls sideways, so that the keyboard must reach it. */}
      <pre tabIndex={0} role="region" aria-labelledby={id}>
        {text}
      </pre>
    </div>
  );
}
