import type { OpenedAuditLog } from '#adapters/sqlite/audit/open-audit-log.ts';
import type { ZoneOverride } from './app/access/network-posture.ts';
import type { Config } from './platform/config/config.ts';
import type { Logger } from './platform/logger.ts';
import type { DemoSite } from './ports/demo-site.ts';

export interface ComposeOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Set when the gateway runs the demo site. */
  readonly demo: { readonly site: (log: OpenedAuditLog) => DemoSite; readonly zone: ZoneOverride } | null;
  /** The gateway can no longer do its work in this process: whoever supervises it should start another. */
  readonly onFatal: () => void;
}
