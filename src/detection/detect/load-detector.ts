import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expected } from '../../core/errors.ts';
import type { DataSummary } from '../../core/inspection.ts';
import type { Progress } from '../../core/settings.ts';
import type { Technique } from '../../core/techniques.ts';
import { readDescription } from '../../models/model-directory.ts';
import { techniques } from '../../techniques/registry.ts';
import { type DetectorConfig, resolveDetectorConfig } from '../detection-config.ts';
import type { FeatureRows } from '../features/feature-rows.ts';
import { createDetector, type Detector } from './detector.ts';
import { digestDirectory } from './digest-directory.ts';
import type { FittedDetector, ReadyTechnique } from './fit-detector.ts';
import type { ModelSource } from './model-source.ts';
import { openModelSource, pinnedConfig } from './open-model-source.ts';
import { arrayNames, detectorFiles, modelDirectory, type SavedDetector, savedDetector } from './saved-detector.ts';

export interface LoadDetectorOptions {
  /** Where the files of a pretrained model are. @default the `source` of the config's model */
  readonly modelPath?: string | undefined;
  /** Activations of the examples to score, for a detector that was trained on the user's own. */
  readonly features?: FeatureRows | undefined;
  /** @default those that it was trained with; the same number gives the same scores to the last bit */
  readonly threads?: number | undefined;
  readonly device?: DetectorConfig['device'] | undefined;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Opens the detector that `saveDetector` kept in `directory`. Nothing is trained.
 * @throws UserError naming the file when something is absent or damaged, (`model-changed`) when the pretrained model's files
 *   are not those it was trained with, (`no-features`) when it reads activations and none are given, and as opening the
 *   pretrained network does.
 */
export async function loadDetector(directory: string, options: LoadDetectorOptions = {}): Promise<Detector> {
  const signal = options.signal ?? new AbortController().signal;
  const saved = await readDescription(join(directory, detectorFiles.description), savedDetector);
  const { threads, device, features, modelPath, progress = () => {} } = options;
  const runtime = { ...(threads !== undefined && { threads }), ...(device !== undefined && { device }) };
  requireFeatures(directory, saved, features);
  await requireWhole(directory, saved);
  const config = await pinnedConfig(resolveDetectorConfig({ ...saved.config, ...runtime }), { features, modelPath });
  const data: DataSummary = { ...saved.data, counts: saved.data.counts as DataSummary['counts'] };
  const measurements = data.measurementNames.length;
  const source = await openModelSource({ config, measurements, features, modelPath, progress, signal });
  const fitted = await openParts(directory, saved, source, signal);
  return createDetector({ config, data, model: saved.model }, fitted, source);
}

/** Weights that one bit changed would score otherwise, and nobody would know. */
async function requireWhole(directory: string, { files }: SavedDetector): Promise<void> {
  const there = await digestDirectory(directory);
  for (const [name, digest] of Object.entries(files)) {
    if (there[name] === digest) continue;
    throw damaged(
      join(directory, name),
      'there as it was saved',
      there[name] === undefined ? 'nothing' : 'another file',
    );
  }
}

type Arrays = (name: string) => Float64Array;

async function openParts(directory: string, saved: SavedDetector, source: ModelSource, signal: AbortSignal) {
  const arrays = await readArrays(join(directory, detectorFiles.arrays), saved.arrays);
  const predictor = await source.open(join(directory, detectorFiles.predictor));
  const ready: ReadyTechnique[] = [];
  for (const [i, entry] of saved.techniques.entries()) {
    const models: [string, Awaited<ReturnType<ModelSource['open']>>][] = [];
    for (const name of entry.models) models.push([name, await source.open(join(directory, modelDirectory(i, name)))]);
    const own = entry.arrays.map((name) => [name, arrays(arrayNames.ofTechnique(i, name))] as const);
    const kept = { values: entry.values, arrays: Object.fromEntries(own), models: Object.fromEntries(models) };
    const technique = techniqueOf(directory, entry.id);
    const fitted = technique.restore(kept, { predictor, signal });
    ready.push({ name: entry.name, technique, options: entry.options, scale: entry.scale, fitted });
  }
  const { shiftBias } = saved;
  return {
    predictor,
    techniques: ready,
    calibration: {
      scores: arrays(arrayNames.scores),
      ...(arrayNames.weights in saved.arrays && { weights: arrays(arrayNames.weights) }),
    },
    ...(shiftBias !== undefined && { shift: { weights: arrays(arrayNames.shift), bias: shiftBias } }),
  } satisfies FittedDetector;
}

async function readArrays(file: string, places: SavedDetector['arrays']): Promise<Arrays> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw damaged(file, 'a readable file', error);
  });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (name) => {
    const [start, length] = places[name] ?? [0, -1];
    if (length < 0) throw damaged(file, `a file with the array ${name}`, 'none');
    if (8 * (start + length) > view.byteLength) throw damaged(file, `whole (${name})`, `${view.byteLength} bytes`);
    return Float64Array.from({ length }, (_, i) => view.getFloat64(8 * (start + i), true));
  };
}

function techniqueOf(directory: string, id: string): Technique & Required<Pick<Technique, 'restore'>> {
  const found = Object.hasOwn(techniques, id) ? (techniques[id as keyof typeof techniques] as Technique) : undefined;
  if (found?.restore) return { ...found, restore: found.restore };
  throw damaged(join(directory, detectorFiles.description), 'a detector of this version', `the technique ${id}`);
}

function requireFeatures(directory: string, { ownFeatures }: SavedDetector, features: FeatureRows | undefined): void {
  if (ownFeatures === (features !== undefined)) return;
  const wanted = ownFeatures ? 'activations, as it was trained on' : 'texts, as it was trained on';
  const got = ownFeatures ? 'texts alone' : 'activations';
  const next = ownFeatures ? 'Name the activations of the new examples in the config.' : 'Leave the activations out.';
  throw expected('no-features', `what the detector in ${directory} is to score`, wanted, got, next);
}

function damaged(thing: string, wanted: string, got: unknown) {
  return expected('invalid-detector', thing, wanted, got, 'Train the detector again, or restore the file.');
}
