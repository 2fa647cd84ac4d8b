import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../core/errors.ts';
import type { Dataset } from '../core/settings.ts';
import type { ModelSize, Technique } from '../core/techniques.ts';
import { createTrainingView } from '../core/training-view.ts';
import { type AuditReport, auditTechnique } from '../experiments/audit.ts';
import { nearest } from '../experiments/nearest.ts';
import { resized } from '../experiments/steps/pretraining.ts';
import { finetuningConfig, modelConfig, trainingConfig } from '../models/config.ts';
import { createPretrained, trainMeasurementPredictor } from '../models/strong-model.ts';
import { tokenizerConfig, trainTokenizer } from '../models/tokenizer-training.ts';
import { techniques } from '../techniques/registry.ts';
import { loadAuditWorld } from './audit-world.ts';

export interface AuditRequest {
  readonly seed: number;
  readonly threads: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Audits a technique of the registry, or one that a file exports, on a small world that offers what it needs, with a small model. */
export async function auditByName(name: string, request: AuditRequest): Promise<AuditReport> {
  const technique = await findTechnique(name);
  const { seed, threads, say, signal } = request;
  say('generating a small world');
  const dataset = await loadAuditWorld(technique, { seed, threads, signal });
  const prepare = (data: Dataset) => smallModels(data, request);
  return auditTechnique({ technique, dataset, prepare, seed, signal, progress: say });
}

async function smallModels({ splits, measurementNames }: Dataset, { seed, threads, signal }: AuditRequest) {
  const { examples } = createTrainingView(splits.train, measurementNames, { groundTruth: false });
  const options = {
    measurements: measurementNames.length,
    tokenizer: trainTokenizer(
      examples.map(({ text }) => text),
      tokenizerConfig.parse({}),
    ),
    model: modelConfig.parse({ width: 32, layers: 2, heads: 2 }),
    training: trainingConfig.parse({ epochs: 2 }),
    finetuning: finetuningConfig.parse({ epochs: 1 }),
    device: 'cpu' as const,
    seed,
    threads,
    signal,
  };
  const predictor = await trainMeasurementPredictor({ ...options, examples, progress: () => {} });
  const createModel = async (size: ModelSize) => createPretrained({ ...options, model: resized(options.model, size) });
  return { predictor, pretrained: createPretrained(options), createModel };
}

async function findTechnique(name: string): Promise<Technique> {
  if (Object.hasOwn(techniques, name)) return techniques[name as keyof typeof techniques] as Technique;
  if (!/\.[cm]?[jt]s$/.test(name)) {
    throw new UserError(
      'unknown-technique',
      `Expected the id of a technique or a file that exports one, got "${name}". ${nearest(name, Object.keys(techniques))}`,
    );
  }
  const path = resolve(name);
  if (!existsSync(path))
    throw new UserError(
      'no-file',
      `Expected ${name} to be a file that exports a technique, got no such file. Check the path.`,
    );
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  const found = Object.values(module).find(isTechnique);
  if (found !== undefined) return found;
  throw new UserError(
    'no-technique',
    `Expected ${name} to export a technique, got exports ${Object.keys(module).join(', ') || 'none'}. Export an object with id, needs, options and fit.`,
  );
}

function isTechnique(value: unknown): value is Technique {
  return typeof value === 'object' && value !== null && ['id', 'needs', 'options', 'fit'].every((key) => key in value);
}
