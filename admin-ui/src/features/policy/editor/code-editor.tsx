import { useEffect, useEffectEvent, useRef } from 'react';
import type { FindingView } from '#gateway/http/contract/policy.ts';
import { createCodeView, type CodeView, type Place } from './code-view.ts';
import type { LineCoverage } from './coverage-gutter.ts';
import styles from './editor.module.css';

export interface FilePlace extends Place {
  readonly file: string;
}

interface CodeEditorProps {
  readonly path: string;
  readonly text: string;
  readonly findings: readonly FindingView[];
  readonly coverage: LineCoverage | null;
  /** Another object is another request to go there. */
  readonly goTo: FilePlace | null;
  readonly onChange: (path: string, text: string) => void;
  readonly onSave: () => void;
}

export function CodeEditor({ path, text, findings, coverage, goTo, onChange, onSave }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<CodeView>(null);
  const change = useEffectEvent(onChange);
  const save = useEffectEvent(onSave);
  useEffect(() => {
    if (host.current === null) return undefined;
    const created = createCodeView({ host: host.current, onChange: (changed, value) => change(changed, value), onSave: () => save() });
    view.current = created;
    return () => created.close();
  }, []);
  useEffect(() => view.current?.show(path, text), [path, text]);
  useEffect(() => view.current?.setFindings(findings), [path, findings]);
  useEffect(() => view.current?.setCoverage(coverage), [path, coverage]);
  useEffect(() => {
    if (goTo?.file === path) view.current?.goTo(goTo);
  }, [path, goTo]);
  return <div ref={host} className={styles.code} />;
}
