import { itemChangeSchema, type ItemChange } from '#gateway/http/contract/policy-data.ts';

/** What to say at a field, by its place in the item: `name`, `windows.0.until`. */
export type FieldErrors = Readonly<Record<string, string>>;
export type CheckedChange = { readonly ok: true; readonly change: ItemChange } | { readonly ok: false; readonly errors: FieldErrors };

/** The form's answer against the contract. `texts` says it in the form's own words, by field; list positions are left out of its keys. */
export function checkChange(change: unknown, texts: FieldErrors): CheckedChange {
  const parsed = itemChangeSchema.safeParse(change);
  if (parsed.success) return { ok: true, change: parsed.data };
  const errors: Record<string, string> = {};
  for (const { path, message } of parsed.error.issues) {
    const field = (path[0] === 'value' ? path.slice(1) : path).map(String);
    errors[field.join('.')] ??= textFor(field, message, texts);
  }
  return { ok: false, errors };
}

/** The gateway names the field as it stands in the body: `changes.0.value.untilMs`. Null: it means no field of the item. */
export function fieldOfItem(field: string | undefined): string | null {
  return /^changes\.\d+\.value\.(.+)$/.exec(field ?? '')?.[1] ?? null;
}

function textFor(field: readonly string[], message: string, texts: FieldErrors): string {
  const named = field.filter((step) => !/^\d+$/.test(step)).join('.');
  return texts[named] ?? `This ${message}.`;
}

/** The first error at this field or inside it. */
export function errorIn(errors: FieldErrors, field: string): string | undefined {
  return Object.entries(errors).find(([key]) => key === field || key.startsWith(`${field}.`))?.[1];
}
