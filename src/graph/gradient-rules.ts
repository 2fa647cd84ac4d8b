import type { GradientRule } from './gradient-rule.ts';
import { arithmeticRules } from './operators/arithmetic.ts';
import { castRules } from './operators/cast.ts';
import { concatRules } from './operators/concat.ts';
import { convRules } from './operators/conv.ts';
import { gatherRules } from './operators/gather.ts';
import { geluRules } from './operators/gelu.ts';
import { layerNormRules } from './operators/layer-norm.ts';
import { matmulRules } from './operators/matmul.ts';
import { powRules } from './operators/pow.ts';
import { reductionRules } from './operators/reductions.ts';
import { reshapeRules } from './operators/reshape.ts';
import { sliceRules } from './operators/slice.ts';
import { softmaxRules } from './operators/softmax.ts';
import { transposeRules } from './operators/transpose.ts';
import { unaryRules } from './operators/unary.ts';
import { whereRules } from './operators/where.ts';

/** The gradient rule of each differentiable ONNX operator, by operator type. */
export const gradientRules: Readonly<Record<string, GradientRule>> = {
  ...arithmeticRules,
  ...castRules,
  ...concatRules,
  ...convRules,
  ...gatherRules,
  ...geluRules,
  ...layerNormRules,
  ...matmulRules,
  ...powRules,
  ...reductionRules,
  ...reshapeRules,
  ...sliceRules,
  ...softmaxRules,
  ...transposeRules,
  ...unaryRules,
  ...whereRules,
};
