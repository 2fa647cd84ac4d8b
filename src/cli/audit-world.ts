import { UserError } from '../core/errors.ts';
import type { Dataset, SettingContext } from '../core/settings.ts';
import type { StructureId } from '../core/structures.ts';
import type { Technique } from '../core/techniques.ts';
import { labelBySupervisors } from '../experiments/label-by-supervisors.ts';
import { supervisorConfig } from '../experiments/supervisor-config.ts';
import { trainingConfig } from '../models/config.ts';
import { arithmeticReasoning } from '../settings/arithmetic-reasoning/arithmetic-reasoning.ts';
import { diamondVault } from '../settings/diamond-vault/diamond-vault.ts';
import { quirkyArithmetic } from '../settings/quirky-arithmetic/quirky-arithmetic.ts';
import { checkNeeds } from '../techniques/needs.ts';

type Circumstances = Pick<SettingContext, 'seed' | 'threads' | 'signal'>;

/** A small world that needs no files. */
interface AuditWorld {
  readonly structures: readonly StructureId[];
  load(circumstances: Circumstances): Promise<Dataset>;
}

const vault: AuditWorld = {
  structures: diamondVault.structures,
  load: (circumstances) => {
    const options = diamondVault.options.parse({ trainExamples: 600, validationExamples: 150 });
    return diamondVault.load(options, { ...circumstances, progress });
  },
};

const quirky: AuditWorld = {
  structures: quirkyArithmetic.structures,
  load: (circumstances) => {
    const options = quirkyArithmetic.options.parse({ trainRows: 300, testRows: 80, corpusTexts: 0 });
    return quirkyArithmetic.load(options, { ...circumstances, progress });
  },
};

const supervised: AuditWorld = {
  structures: [...arithmeticReasoning.structures, 'several-supervisors'],
  async load(circumstances) {
    const sizes = { supervisorExamples: 400, trainExamples: 400, testExamples: 80, corpusTexts: 1 };
    const options = arithmeticReasoning.options.parse(sizes);
    const dataset = await arithmeticReasoning.load(options, { ...circumstances, progress });
    const model = { width: 16, layers: 1, heads: 2 };
    const supervisor = supervisorConfig.parse({ count: 2, model });
    const config = { supervisor, training: trainingConfig.parse({}), device: 'cpu' as const };
    return labelBySupervisors(dataset, { ...config, ...circumstances }, { ...circumstances, progress });
  },
};

/**
 * The first of a few small worlds that offers what a technique needs.
 * @throws UserError (`no-audit-world`) when none does.
 */
export async function loadAuditWorld({ id, needs }: Technique, circumstances: Circumstances): Promise<Dataset> {
  const world = [vault, quirky, supervised].find(({ structures }) => checkNeeds({ needs }, structures).length === 0);
  if (world !== undefined) return world.load(circumstances);
  const message = `Expected ${id} to need structures that one small world has, got ${needs.structures.join(', ')}.`;
  throw new UserError('no-audit-world', `${message} Audit it with auditTechnique on a dataset that offers them.`);
}

function progress(): void {}
