import type { Estimate } from '../../src/core/estimates.ts';
import type { Matrix } from '../../src/core/models.ts';
import type { OwnData } from '../../src/core/own-data.ts';
import { fakeShare } from '../../src/detection/inspect/fake-share.ts';
import { inspectView } from '../../src/detection/inspect/inspect-view.ts';
import { toldApart } from '../../src/detection/inspect/told-apart.ts';

/** What `inspectData` says of the share of fakes together, without the rest of it. */
export async function shareIn({ data, rows }: { readonly data: OwnData; readonly rows: Matrix }): Promise<Estimate> {
  const view = inspectView({ data, features: { name: 'x', rows }, seed: 0 });
  const topic = await toldApart(view, view.of('trusted-negative'), view.of('untrusted-negative'));
  return (await fakeShare(view, topic)).combined;
}
