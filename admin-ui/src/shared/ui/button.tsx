import { LoaderCircle, type LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import styles from './button.module.css';

interface ButtonProps extends Omit<ComponentProps<'button'>, 'className'> {
  readonly look?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly size?: 'small' | 'medium' | 'large';
  readonly width?: 'own' | 'wide';
  readonly icon?: LucideIcon;
  /** Shows the spinner and refuses clicks, without taking the focus away as `disabled` would. */
  readonly busy?: boolean;
}

export function buttonClass(
  look: 'plain' | 'primary' | 'danger' | 'quiet' = 'plain',
  size: 'small' | 'medium' | 'large' = 'medium',
): string {
  return [styles.button, styles[look], styles[size]].filter(Boolean).join(' ');
}

export function Button({
  look = 'plain',
  size = 'medium',
  width = 'own',
  icon: Icon,
  busy = false,
  onClick,
  children,
  ...rest
}: ButtonProps) {
  const iconSize = size === 'large' ? 18 : 15;
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={`${buttonClass(look, size)} ${width === 'wide' ? styles.wide : ''}`}
    >
      {busy ? <LoaderCircle size={iconSize} className={styles.spin} aria-hidden /> : Icon && <Icon size={iconSize} aria-hidden />}
      {children}
    </button>
  );
}
