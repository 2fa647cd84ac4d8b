import type { Command } from 'commander';
import { UserError } from '../../core/errors.ts';
import type { Setting } from '../../core/settings.ts';
import { structures } from '../../core/structures.ts';
import { nearest } from '../../experiments/nearest.ts';

/** One entry of a list: what it is called, what it is, and plain facts by name. */
interface Entry {
  readonly id: string;
  readonly title: string;
  readonly facts: Readonly<Record<string, string | readonly string[]>>;
}

const lists = {
  settings: listSettings,
  techniques: listTechniques,
  models: listModels,
  structures: listStructures,
} as const;
type ListId = keyof typeof lists;

export function addList(program: Command): void {
  program
    .command('list')
    .summary('list settings, techniques, models or structures')
    .description('List what there is, what each needs and offers, and where it comes from.')
    .argument('<what>', Object.keys(lists).join(', '))
    .option('--json', 'print as JSON on stdout')
    .option('--quiet', 'ids only')
    .action(async (what: string, flags: { json?: true; quiet?: true }) => {
      if (!Object.hasOwn(lists, what)) {
        const known = Object.keys(lists);
        throw new UserError(
          'unknown-list',
          `Expected one of ${known.join(', ')}, got "${what}". ${nearest(what, known)}`,
        );
      }
      const entries = await lists[what as ListId]();
      if (flags.json)
        console.log(
          JSON.stringify(
            entries.map(({ id, title, facts }) => ({ id, title, ...facts })),
            null,
            2,
          ),
        );
      else if (flags.quiet) console.log(entries.map(({ id }) => id).join('\n'));
      else console.log(entries.map(entryText).join('\n\n'));
    });
}

function entryText({ id, title, facts }: Entry): string {
  const shown = Object.entries(facts).filter(([, fact]) => fact.length > 0);
  const lines = shown.map(([name, fact]) => `  ${name.padEnd(8)} ${typeof fact === 'string' ? fact : fact.join(', ')}`);
  return [`${id}  —  ${title}`, ...lines].join('\n');
}

async function listSettings(): Promise<Entry[]> {
  const { settings } = await import('../../settings/registry.ts');
  return Object.values(settings).map(({ id, title, structures: offers, source }) => ({
    id,
    title,
    facts: { offers, source },
  }));
}

async function listTechniques(): Promise<Entry[]> {
  const { techniques } = await import('../../techniques/registry.ts');
  return Object.values(techniques).map(({ id, title, role, needs, source }) => ({
    id,
    title,
    facts: { role, needs: [...needs.structures, ...(needs.groundTruth ? ['ground truth'] : [])], source },
  }));
}

async function listModels(): Promise<Entry[]> {
  const { modelConfig } = await import('../../models/config.ts');
  const { families } = await import('../../models/huggingface/families.ts');
  const { width, layers, heads } = modelConfig.parse({});
  return [
    {
      id: 'transformer',
      title: 'Decoder transformer trained from scratch on the setting’s own training split',
      facts: { default: `${layers} layers, width ${width}, ${heads} attention heads; set under "model:" in a config` },
    },
    {
      id: 'pretrained',
      title: 'Hugging Face checkpoint or ONNX file, tuned by adapters (LoRA) or in full',
      facts: {
        use: '--model <directory, hub id (owner/name) or .onnx file>, or "source:" under "model:" in a config',
        families: Object.keys(families),
        default: 'adapters; "training: {trainable: full}" in a config trains all weights',
      },
    },
    {
      id: 'universal-sentence-encoder-lite',
      title:
        'Text encoder that is installed with touchstone: English, 2 layers, width 512, up to 512 tokens in windows of 128',
      facts: { use: '--model universal-sentence-encoder-lite; otherwise as "pretrained"' },
    },
  ];
}

async function listStructures(): Promise<Entry[]> {
  const { settings } = await import('../../settings/registry.ts');
  const { techniques } = await import('../../techniques/registry.ts');
  /** What the config decides: how many weak supervisors label a setting that wants them. */
  const isMade = (id: string, { wantsSupervisor }: Setting) => id === 'several-supervisors' && wantsSupervisor === true;
  const withStructure = (id: string) => ({
    offered: Object.values(settings)
      .filter((s: Setting) => (s.structures as readonly string[]).includes(id) || isMade(id, s))
      .map((s) => s.id),
    needed: Object.values(techniques)
      .filter((t) => (t.needs.structures as readonly string[]).includes(id))
      .map((t) => t.id),
  });
  return Object.entries(structures).map(([id, title]) => ({ id, title, facts: withStructure(id) }));
}
