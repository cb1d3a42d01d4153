import { z } from 'zod';

// Zod would otherwise probe for eval when the first schema is made, which the content security policy refuses and reports. The
// module is imported before every other, since schemas are made while modules load.
z.config({ jitless: true });
