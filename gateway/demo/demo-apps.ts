import type { DemoAppId } from './demo-installation.ts';

/** What the demo's apps show, and how they are to be tried. */
export const DEMO_APPS: Readonly<Record<DemoAppId, { readonly name: string; readonly description: string }>> = {
  wiki: { name: 'Wiki', description: 'For everybody who works here, from anywhere.' },
  payroll: { name: 'Payroll', description: 'For finance, with a recent passkey, from a site network or the VPN only.' },
  'server-console': { name: 'Server console', description: 'For operations, and only while badged into the server room.' },
};
