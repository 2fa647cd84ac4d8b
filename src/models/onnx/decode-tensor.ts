import { type TensorProto, TensorProto_DataLocation, TensorProto_DataType } from 'onnx-buf';
import { elementTypes } from './element-types.ts';
import type { ExternalFiles } from './external-files.ts';
import { fault } from './fault.ts';
import type { OnnxTensor, TensorPlace } from './onnx-model.ts';

/**
 * A tensor of the file, its declared shape checked against the bytes that are there; nothing is allocated.
 * @throws UserError (`invalid-onnx`) naming the tensor.
 */
export async function decodeTensor(tensor: TensorProto, thing: string, files: ExternalFiles): Promise<OnnxTensor> {
  const { dataType } = tensor;
  const type = elementTypes.get(dataType);
  const typeName = TensorProto_DataType[dataType] ?? dataType;
  if (!type) throw fault(`the type of ${thing}`, 'float, integer or bool of at most 64 bits', typeName, unsupported);
  const shape = tensor.dims.map(Number);
  const size = shape.reduce((product, length) => product * length, 1);
  if (!shape.every((length) => length >= 0) || !Number.isSafeInteger(size * type.bytes)) {
    throw fault(`the shape of ${thing}`, 'whole numbers from 0', `[${shape}]`);
  }
  const place = await placeOf(tensor, thing, files, size * type.bytes);
  const got =
    'numbers' in place ? place.numbers.length : ('bytes' in place ? place.bytes.length : place.length) / type.bytes;
  if (got !== size) throw fault(thing, `${size} elements, as its shape [${shape}] says`, `${got}`);
  return { thing, shape, dataType, dtype: type.dtype, place };
}

const unsupported = 'Export the model with floats of 16 to 64 bits';

async function placeOf(tensor: TensorProto, thing: string, files: ExternalFiles, size: number): Promise<TensorPlace> {
  if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL) {
    return files.place(new Map(tensor.externalData.map(({ key, value }) => [key, value])), thing, size);
  }
  const { rawData, floatData, doubleData, int32Data, int64Data, uint64Data } = tensor;
  if (rawData.length > 0) return { bytes: rawData };
  const lists: readonly (readonly (number | bigint)[])[] = [floatData, doubleData, int32Data, int64Data, uint64Data];
  return { numbers: lists.find((list) => list.length > 0) ?? [] };
}
