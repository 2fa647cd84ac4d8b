/** What a setting may offer and a technique may need. Each id comes with the sentence that `touchstone list structures` prints. */
export const structures = {
  'trusted-subset':
    'Some training examples are known to be free of tampering, so their aggregate measurement is the outcome.',
  'several-measurements':
    'Each example has at least two measurements, so a tampering that failed halfway leaves them inconsistent.',
  'untrusted-examples': 'There are training examples whose measurements may have been tampered with.',
  'tamper-evidence': 'Training examples carry a judge’s word on whether their measurements show signs of tampering.',
  'contrast-pairs': 'Each example is a question with two answers, of which exactly one is right.',
  paraphrases: 'Each contrast pair comes in several wordings, which a truth should survive.',
  'difficulty-order':
    'Training examples are ordered by difficulty, so supervision can be believed where they are easy.',
  'several-supervisors':
    'At least two weak supervisors label each example, so their disagreement tells how far to trust them.',
} as const satisfies Record<string, string>;

export type StructureId = keyof typeof structures;
