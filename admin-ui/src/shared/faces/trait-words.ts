/** SIA OSDP 2.2, osdp_BIOREAD: what a reader scans, by its number. */
const TRAITS = [
  'whatever the reader scans by itself',
  'right thumb',
  'right index finger',
  'right middle finger',
  'right ring finger',
  'right little finger',
  'left thumb',
  'left index finger',
  'left middle finger',
  'left ring finger',
  'left little finger',
  'right iris',
  'right retina',
  'left iris',
  'left retina',
  'full face',
  'right hand',
  'left hand',
] as const;

export const traitName = (type: number): string => TRAITS[type] ?? `trait of type ${String(type)}`;
