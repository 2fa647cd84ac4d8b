import { expected } from '../../core/errors.ts';
import type { NamedTensor, NamedTensors } from '../safetensors.ts';
import type { OnnxModel } from './onnx-model.ts';
import { readTensor } from './read-tensor.ts';

/**
 * Weights as 32-bit floats, by weight name; tensors in external files are read one by one, and only those asked for.
 * @param names defaults to every weight of the model
 * @throws UserError (`no-such-weight`, `invalid-onnx`) naming the tensor: unknown, unreadable, or holding NaN.
 */
export async function readOnnxWeights(model: OnnxModel, names?: Iterable<string>): Promise<NamedTensors> {
  const tensors = new Map<string, NamedTensor>();
  for (const name of names ?? model.weights.keys()) {
    const tensor = model.weights.get(name);
    if (!tensor) throw expected('no-such-weight', `weight of ${model.file}`, 'one it has', name, 'Check the name.');
    tensors.set(name, { shape: tensor.shape, data: await readTensor(tensor) });
  }
  return tensors;
}
