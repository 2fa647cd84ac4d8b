import type { NamedTensor, NamedTensors, SafetensorsContent } from './safetensors.ts';
import { openSafetensors } from './safetensors-file.ts';
import { createSafetensorsWriter } from './safetensors-writer.ts';

/** Writes tensors to a safetensors file, whole or not at all, one after another without a copy of them all. */
export async function writeTensors(
  file: string,
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const plans = new Map([...tensors].map(([name, { shape }]) => [name, { dtype: 'F32' as const, shape }]));
  const writer = await createSafetensorsWriter(file, plans, metadata);
  try {
    for (const [name, { data }] of tensors) await writer.append(name, data);
    await writer.finish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/**
 * All tensors of a safetensors file.
 * @throws UserError naming the file, and the tensor where one is to blame, when it is damaged or a value is not finite.
 */
export async function readTensors(file: string): Promise<SafetensorsContent> {
  const opened = await openSafetensors(file);
  try {
    const tensors = new Map<string, NamedTensor>();
    for (const [name, { shape }] of opened.tensors) {
      tensors.set(name, { shape, data: await opened.readFloats(name, { finite: true }) });
    }
    return { tensors, metadata: opened.metadata };
  } finally {
    await opened.close();
  }
}
