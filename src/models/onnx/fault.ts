import { expected, type UserError } from '../../core/errors.ts';

const next = 'Export the model again, or fetch the file anew';

/** An ONNX file, tensor or node that is not as it should be; `thing` names the file. */
export function fault(thing: string, wanted: string, got: unknown, nextStep = next, code = 'invalid-onnx'): UserError {
  return expected(code, thing, wanted, got, `${nextStep}.`);
}
