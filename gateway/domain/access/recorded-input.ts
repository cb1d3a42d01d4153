import { z } from 'zod';
import { contextSchema, decisionInputSchema, resourceSchema } from './decision-input.ts';
import {
  companionSchema,
  credentialSchema,
  deviceSchema,
  faceSchema,
  NO_COMPANION,
  NO_FACE,
  NO_PIN,
  networkSchema,
  pepSchema,
  pinSchema,
  postureStateSchema,
} from './input-facts.ts';

/** As the log holds what an earlier release wrote of a face. */
const recordedFaceSchema = faceSchema.extend({
  score_band: z.preprocess((band) => (band === 'medium' ? 'standard' : band), faceSchema.shape.score_band),
  // Of a face that was alive no more was told than that.
  liveness: z.preprocess((liveness) => (liveness === true ? 'passive' : liveness === false ? 'none' : liveness), faceSchema.shape.liveness),
  alternative: faceSchema.shape.alternative.default('none'),
  alternative_age_s: faceSchema.shape.alternative_age_s.default(0),
});

/** An input as the log holds it: what an earlier release wrote lacks what was added since. */
export const recordedInputSchema = decisionInputSchema.extend({
  resource: resourceSchema.extend({
    properties: resourceSchema.shape.properties.extend({ requires_pin: resourceSchema.shape.properties.shape.requires_pin.default('') }),
  }),
  context: contextSchema.extend({
    // Neither helps nor harms a draft that old decisions are replayed with: that nobody told is what is known.
    pep: pepSchema.extend({ tamper: pepSchema.shape.tamper.default('not_reported') }),
    credential: credentialSchema.extend({ pin: pinSchema.default(NO_PIN) }),
    network: networkSchema.extend({
      country: networkSchema.shape.country.default(''),
      source: networkSchema.shape.source.default('none'),
      age_s: networkSchema.shape.age_s.default(0),
    }),
    face: recordedFaceSchema.default(NO_FACE),
    companion: companionSchema.default(NO_COMPANION),
    device: deviceSchema.extend({
      disk_encryption: postureStateSchema.default('unknown'),
      firewall: postureStateSchema.default('unknown'),
      screen_lock: postureStateSchema.default('unknown'),
      secure_boot: postureStateSchema.default('unknown'),
      os_age_known: z.boolean().default(false),
      os_age_days: deviceSchema.shape.os_age_days.default(0),
      age_s: deviceSchema.shape.age_s.default(0),
    }),
  }),
});
