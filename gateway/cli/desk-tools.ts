import type { DeskRevocation } from '../domain/desk/desk-device.ts';
import type { Posture } from '../domain/desk/posture.ts';
import type { Environment } from '../platform/config/environment-overrides.ts';

/** The models and the camera of a computer. */
export interface DeskCamera {
  readonly packFolder: string;
  readonly acknowledgesLicence: boolean;
  /** A program that writes JPEGs to standard output, with its arguments. */
  readonly command: string;
}

export interface DeskRun {
  readonly folder: string;
  /** Null: it looks at no face. */
  readonly camera: (DeskCamera & { readonly needs: 'passive' | 'active' }) | null;
  readonly port: number;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly onListening: (url: string) => void;
  readonly onEvent: (event: string) => void;
}

export interface DeskFaceEnrolment extends DeskCamera {
  readonly folder: string;
  /** Nothing is looked at before the person agrees. */
  readonly consents: () => Promise<boolean>;
  readonly onProgress: (progress: { readonly taken: number; readonly of: number; readonly say: string }) => void;
}

export interface DeskStatus {
  readonly deviceId: string;
  readonly personId: string;
  readonly label: string;
  readonly url: string;
  readonly keyKind: 'file' | 'tpm';
  readonly isRunning: boolean;
  readonly gateway:
    | { readonly state: 'known'; readonly label: string; readonly hasFace: boolean; readonly seenAtMs: number | null }
    | { readonly state: 'refused'; readonly revocation: DeskRevocation | null }
    | { readonly state: 'unreachable' };
}

/** What commands do on a person's own computer, without a gateway beside them. */
export interface DeskTools {
  /** Makes the folder's key where there is none, and gives it to the gateway. @throws config.unreadable, enrolment.invalid, store.unavailable */
  enrol(request: {
    url: string;
    code: string;
    folder: string;
    packFolder: string | null;
    keyKind: 'file' | 'tpm';
  }): Promise<{ readonly deviceId: string; readonly personId: string; readonly label: string; readonly keyKind: string }>;
  /** What this computer is, whether its agent runs, and what the gateway has of it. @throws config.unreadable */
  status(request: { folder: string; port: number }): Promise<DeskStatus>;
  /** Until the signal ends it. @throws config.unreadable */
  run(request: DeskRun): Promise<void>;
  /** @throws config.unreadable, store.unavailable */
  enrolFace(request: DeskFaceEnrolment): Promise<'done' | 'refused' | 'failed' | 'nothing_there' | 'no_order' | 'no_camera'>;
  /** @throws config.unreadable, store.unavailable */
  forgetFace(request: { folder: string; packFolder: string }): Promise<string>;
  /** How this machine is kept, as it would tell the gateway. */
  posture(environment: Environment): Promise<Posture>;
}
