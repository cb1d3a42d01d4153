interface PolicyFile {
  readonly path: string;
  readonly text: string;
}

/** The file of a ready policy: `library/on-site.rego` for `on_site`. */
export function regoFileOf<File extends PolicyFile>(policyId: string, files: readonly File[]): File | undefined {
  const name = `${policyId.replaceAll('_', '-')}.rego`;
  return files.find(({ path }) => path.endsWith(`library/${name}`) || path.endsWith(`library/${name.replaceAll('-', '_')}`));
}
