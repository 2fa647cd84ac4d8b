import { labelBySupervisors, type SupervisionConfig } from '../label-by-supervisors.ts';
import type { StepRunner } from '../step.ts';
import { loadDataset, writeDataset } from './dataset.ts';

/** Labels the examples of a dataset by weak supervisors. */
export const runWeakSupervisor: StepRunner<SupervisionConfig> = async (config, context) => {
  const dataset = await loadDataset(context.input('dataset'));
  await writeDataset(await labelBySupervisors(dataset, config, context), context.directory);
};
