import { useQuery } from '@tanstack/react-query';
import { Notice } from '../../../shared/ui/states.tsx';
import { policyDataQuery } from '../data-queries.ts';
import { ThreatPanel } from './threat-panel.tsx';

/** For pages of other features. A level that is not known must not read as a normal one. */
export function ThreatNow() {
  const { data, isError } = useQuery(policyDataQuery);
  if (isError) return <Notice tone="unknown">The threat level is not known.</Notice>;
  return data === undefined ? null : <ThreatPanel data={data} />;
}
