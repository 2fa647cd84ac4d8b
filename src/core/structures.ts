/** What a setting may offer and a technique may need. Each id comes with the sentence that `touchstone list structures` prints. */
export const structures = {
  'trusted-subset':
    'Some training examples are known to be free of tampering, so their aggregate measurement is the outcome.',
  'several-measurements':
    'Each example has at least two measurements, so a tampering that failed halfway leaves them inconsistent.',
  'untrusted-examples': 'There are training examples whose measurements may have been tampered with.',
  'tamper-evidence': 'Training examples carry a judge’s word on whether their measurements show signs of tampering.',
} as const satisfies Record<string, string>;

export type StructureId = keyof typeof structures;
