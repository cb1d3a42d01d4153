import type { ComponentProps } from 'react';
import { DoorFrame } from '../ui/door-frame.tsx';
import { LanguageSwitch } from './language-switch.tsx';

/** The card of people's pages, with the way to another language. */
export function PersonFrame(props: Omit<ComponentProps<typeof DoorFrame>, 'corner'>) {
  return <DoorFrame {...props} corner={<LanguageSwitch />} />;
}
