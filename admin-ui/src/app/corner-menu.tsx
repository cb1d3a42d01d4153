import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Check, ChevronsUpDown, LogOut, Monitor, Moon, SquareTerminal, Sun } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { emptySchema } from '#gateway/http/contract/common.ts';
import { deleteJson } from '../shared/api/client.ts';
import { sessionQuery } from '../shared/api/queries.ts';
import { chooseTheme, currentTheme, type Theme } from '../shared/theme.ts';
import { CliTokenDialog } from './cli-token-dialog.tsx';
import styles from './corner-menu.module.css';

const themes = [
  { theme: 'system', name: 'As the system', Icon: Monitor },
  { theme: 'light', name: 'Light', Icon: Sun },
  { theme: 'dark', name: 'Dark', Icon: Moon },
] as const satisfies readonly { theme: Theme; name: string; Icon: typeof Sun }[];

export function CornerMenu({ person }: { person: { displayName: string; roles: string[] } }) {
  const [tokenOpen, setTokenOpen] = useState(false);
  const queries = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => deleteJson('/api/session', emptySchema),
    // Whatever the gateway answered, what it says about the session now is the truth.
    onSettled: () => queries.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
  return (
    <>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className={styles.trigger}>
          <span className={styles.avatar} aria-hidden>
            {initials(person.displayName)}
          </span>
          <span className={styles.who}>
            <span>{person.displayName}</span>
            <span className={styles.role}>{person.roles.join(', ').replaceAll('_', ' ')}</span>
          </span>
          <span className="visually-hidden">account and settings</span>
          <ChevronsUpDown size={14} className={styles.chevron} aria-hidden />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className={styles.menu} side="top" align="start" sideOffset={6} collisionPadding={8}>
            <ThemeChoice />
            <DropdownMenu.Separator className={styles.line} />
            <DropdownMenu.Item className={styles.item} onSelect={() => setTokenOpen(true)}>
              <SquareTerminal size={15} aria-hidden /> Command-line token
            </DropdownMenu.Item>
            <DropdownMenu.Item className={styles.item} onSelect={() => signOut.mutate()}>
              <LogOut size={15} aria-hidden /> Sign out
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {tokenOpen && <CliTokenDialog onClose={() => setTokenOpen(false)} />}
    </>
  );
}

function ThemeChoice() {
  const [theme, setTheme] = useState<Theme>(currentTheme);
  return (
    <DropdownMenu.RadioGroup
      value={theme}
      onValueChange={(chosen) => {
        const next = themes.find((candidate) => candidate.theme === chosen)?.theme ?? 'system';
        chooseTheme(next);
        setTheme(next);
      }}
    >
      <DropdownMenu.Label className={styles.label}>Theme</DropdownMenu.Label>
      {themes.map(({ theme: value, name, Icon }) => (
        <DropdownMenu.RadioItem key={value} value={value} className={styles.item} onSelect={(event) => event.preventDefault()}>
          <Icon size={15} aria-hidden /> {name}
          <DropdownMenu.ItemIndicator className={styles.mark}>
            <Check size={15} aria-hidden />
          </DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

function initials(name: string): string {
  const parts = name.split(/\s+/).filter((part) => part !== '');
  return [parts[0], parts.length > 1 ? parts.at(-1) : ''].map((part) => part?.charAt(0) ?? '').join('');
}
