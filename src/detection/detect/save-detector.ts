import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expected } from '../../core/errors.ts';
import type { SavedTechnique, Technique } from '../../core/techniques.ts';
import { unfinishedPath, writeWhole } from '../../core/write-whole.ts';
import { techniques } from '../../techniques/registry.ts';
import type { Detector } from './detector.ts';
import { digestDirectory } from './digest-directory.ts';
import { arrayNames, detectorFiles, isDetectorFile, modelDirectory, type SavedDetector } from './saved-detector.ts';

/**
 * Keeps a detector in `directory`, whole or not at all; a detector that stands there is replaced. `loadDetector` opens it
 * again without training, and its scores are the same to the last bit. The texts it was trained on are not kept, but where it
 * looks words up those that several texts share; weights of a pretrained network that nothing changed are not kept either,
 * so these must be there again.
 * @throws UserError (`cannot-save`) when a technique cannot be kept, naming those that can; (`not-a-detector`) when
 *   anything else stands in the directory.
 */
export async function saveDetector(detector: Detector, directory: string): Promise<void> {
  const kept = detector.fitted.techniques.map(({ name, technique, fitted }) => {
    if (technique.restore === undefined || fitted.saved === undefined) throw cannotSave(name, technique);
    return fitted.saved;
  });
  await requireReplaceable(directory);
  const aside = unfinishedPath(directory);
  try {
    await mkdir(aside, { recursive: true });
    await writeParts(detector, kept, aside);
    await rm(directory, { recursive: true, force: true });
    await rename(aside, directory);
  } catch (error) {
    await rm(aside, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

async function writeParts(detector: Detector, kept: readonly SavedTechnique[], directory: string): Promise<void> {
  const { fitted, keeper } = detector;
  await keeper.save(fitted.predictor, join(directory, detectorFiles.predictor));
  for (const [i, { models }] of kept.entries()) {
    for (const [name, model] of Object.entries(models)) {
      await keeper.save(model, join(directory, modelDirectory(i, name)));
    }
  }
  const { places, bytes } = packed(arraysOf(detector, kept));
  await writeWhole(join(directory, detectorFiles.arrays), bytes);
  const files = await digestDirectory(directory);
  const description = JSON.stringify({ ...describeDetector(detector, kept, places), files }, null, 2);
  await writeWhole(join(directory, detectorFiles.description), `${description}\n`);
}

function describeDetector(
  { config, data, model, fitted, keeper }: Detector,
  kept: readonly SavedTechnique[],
  arrays: SavedDetector['arrays'],
): Omit<SavedDetector, 'files'> {
  return {
    format: 'touchstone-detector',
    version: 1,
    config: { ...config },
    data: { ...data, measurementNames: [...data.measurementNames] },
    model,
    ownFeatures: keeper.ownFeatures,
    techniques: fitted.techniques.map(({ name, technique, options, scale }, i) => {
      const saved = kept[i] as SavedTechnique;
      const names = { arrays: Object.keys(saved.arrays), models: Object.keys(saved.models) };
      return { id: technique.id, name, options, scale, values: saved.values, ...names };
    }),
    ...(fitted.shift && { shiftBias: fitted.shift.bias }),
    arrays,
  };
}

function arraysOf({ fitted }: Detector, kept: readonly SavedTechnique[]): ReadonlyMap<string, Float64Array> {
  const { calibration, shift } = fitted;
  return new Map([
    [arrayNames.scores, calibration.scores],
    ...(calibration.weights ? [[arrayNames.weights, calibration.weights] as const] : []),
    ...(shift ? [[arrayNames.shift, shift.weights] as const] : []),
    ...kept.flatMap(({ arrays }, i) =>
      Object.entries(arrays).map(([name, values]) => [arrayNames.ofTechnique(i, name), values] as const),
    ),
  ]);
}

function packed(arrays: ReadonlyMap<string, Float64Array>) {
  const places: Record<string, [start: number, length: number]> = {};
  let total = 0;
  for (const [name, values] of arrays) {
    places[name] = [total, values.length];
    total += values.length;
  }
  const bytes = new DataView(new ArrayBuffer(8 * total));
  for (const [name, values] of arrays) {
    const start = places[name]?.[0] ?? 0;
    values.forEach((value, i) => {
      bytes.setFloat64(8 * (start + i), value, true);
    });
  }
  return { places, bytes: new Uint8Array(bytes.buffer) };
}

async function requireReplaceable(directory: string): Promise<void> {
  if (!existsSync(directory)) return;
  const names = await readdir(directory).catch(() => ['a file']);
  const others = names.filter((name) => !isDetectorFile(name));
  if (names.length === 0 || (others.length === 0 && names.includes(detectorFiles.description))) return;
  const next = 'Name another directory; nothing there was touched.';
  const got = others.length === 0 ? 'a part of one' : `other files (${others.slice(0, 3).join(', ')})`;
  throw expected('not-a-detector', directory, 'absent, empty, or a detector to replace', got, next);
}

function cannotSave(name: string, technique: Technique) {
  const can = Object.values(techniques as Record<string, Technique>).filter(({ restore }) => restore);
  const got = technique.restore ? `${name} with options that cannot be kept` : name;
  const next = `Choose among ${can.map(({ id }) => id).join(', ')}, or do without saving.`;
  return expected('cannot-save', 'the techniques of a detector to save', 'ones that can be kept', got, next);
}
