import { type Estimate, isDefined } from '../../core/estimates.ts';
import type { Finding, ShareEstimate } from '../../core/inspection.ts';
import type { FakeShare } from './fake-share.ts';
import { percent, percentOf } from './wording.ts';

/** Whether some untrusted positives are fake, by all methods that the data do not refute. */
export function fakeShareFinding(
  { combined, methods }: Pick<FakeShare, 'combined' | 'methods'>,
  topic: Estimate,
): Finding {
  // Without all-negatives to see topic by, a difference between positives may be nothing else.
  const answer = isDefined(combined) && combined.lower > 0 && isDefined(topic) ? 'yes' : 'cannot-tell';
  const none = isDefined(combined) && combined.upper <= 0.05 && isDefined(topic);
  return {
    id: 'fake-share',
    question: 'Are some of the untrusted positives fake?',
    answer: none && answer !== 'yes' ? 'no' : answer,
    text: `${wordingOf({ combined, methods })}${isDefined(topic) ? '' : unchecked}`,
    estimates: [
      { label: 'share of fakes among untrusted positives, all methods', estimate: combined },
      ...methods.map(({ title, estimate }) => ({ label: title, estimate })),
    ],
  };
}

/** @see topicShift */
const unchecked =
  ' Whether trusted and untrusted examples differ in topic could not be checked, which would look the same.';

function wordingOf({ combined, methods }: Pick<FakeShare, 'combined' | 'methods'>): string {
  const refuted = methods.filter((method) => method.refuted === 'yes').map((method) => method.title.toLowerCase());
  const against = refuted.length === 0 ? '' : ` The data speak against: ${refuted.join('; ')}.`;
  if (!isDefined(combined)) return `Cannot tell: ${combined.undefined}.${against}${bestOf(methods)}`;
  const { lower, upper } = combined;
  const range =
    lower > 0
      ? `Between ${percent(lower)} and ${percent(upper)} of the untrusted positives are estimated to be fake.`
      : `At most ${percent(upper)} of the untrusted positives are estimated to be fake, and none might be.`;
  const limit =
    'Fakes that look just like real positives in these features, and unlike inconsistent examples, are not counted.';
  return `${range} The range is that of all methods that the data do not refute; what each assumes stands with it. ${limit}${against}`;
}

/** What a method would say whose assumption is refuted: kept apart, as it must not be believed. */
function bestOf(methods: readonly ShareEstimate[]): string {
  const method = methods.find(({ refuted, estimate }) => refuted === 'yes' && isDefined(estimate));
  return method === undefined
    ? ''
    : ` (Believing ${method.title.toLowerCase()} anyway: ${percentOf(method.estimate)}.)`;
}
