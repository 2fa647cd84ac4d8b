/** The split that a file of its own makes: `sp_en_trans.csv` is judged as `sp-en-trans`. */
export function splitName(path: string): string {
  const file = path.split(/[\\/]/).at(-1) as string;
  const bare = file.replace(/\.(parquet|(jsonl|json|csv|tsv)(\.gz)?)$/i, '').toLowerCase();
  return bare.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
}

/** The first name that cannot be a judged split's: `train`, another reserved one, or one that stands there twice. */
export function takenSplitName(names: readonly string[], reserved: readonly string[] = []): string | undefined {
  return names.find((name, i) => ['', 'train', ...reserved].includes(name) || names.indexOf(name) < i);
}
