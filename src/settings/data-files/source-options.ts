import { z } from 'zod';

/** Options of a setting that reads a dataset where it was published, or a copy of its files. */
export const sourceOptions = {
  source: z
    .string()
    .min(1)
    .optional()
    .describe('A directory, or a dataset on the hub; where it was published if absent.'),
  revision: z.string().optional().describe('Branch, tag or commit on the hub.'),
  configuration: z.string().optional().describe('Folder to read, of a dataset with one per configuration.'),
};
