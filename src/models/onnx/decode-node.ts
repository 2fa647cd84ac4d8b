import { type AttributeProto, AttributeProto_AttributeType as AttributeType, type NodeProto } from 'onnx-buf';
import { decodeTensor } from './decode-tensor.ts';
import type { ExternalFiles } from './external-files.ts';
import type { OnnxAttribute, OnnxNode } from './onnx-model.ts';
import { loadTensor } from './read-tensor.ts';

/** A node of the file. @throws UserError (`invalid-onnx`) when a tensor among its attributes is damaged. */
export async function decodeNode(
  node: NodeProto,
  index: number,
  file: string,
  files: ExternalFiles,
): Promise<OnnxNode> {
  const operator = node.domain === '' || node.domain === 'ai.onnx' ? node.opType : `${node.domain}.${node.opType}`;
  const thing = `node "${node.name || `#${index}`}" (${operator}) of ${file}`;
  const attributes = new Map<string, OnnxAttribute>();
  for (const attribute of node.attribute) {
    const decoded = await decodeAttribute(attribute, thing, files);
    if (decoded) attributes.set(attribute.name, decoded);
  }
  return { operator, thing, scope: scopeOf(node), inputs: node.input, outputs: node.output, attributes };
}

async function decodeAttribute(
  attribute: AttributeProto,
  thing: string,
  files: ExternalFiles,
): Promise<OnnxAttribute | undefined> {
  const { type, i, f, s, ints, floats, t } = attribute;
  if (type === AttributeType.INT) return { int: Number(i) };
  if (type === AttributeType.FLOAT) return { float: f };
  if (type === AttributeType.STRING) return { text: new TextDecoder().decode(s) };
  if (type === AttributeType.INTS) return { ints: ints.map(Number) };
  if (type === AttributeType.FLOATS) return { floats };
  if (type === AttributeType.TENSOR && t) {
    return { tensor: await loadTensor(await decodeTensor(t, `attribute "${attribute.name}" of ${thing}`, files)) };
  }
  return type === AttributeType.GRAPH || type === AttributeType.GRAPHS ? { graph: true } : undefined;
}

/** Both of PyTorch's exporters say where a node comes from: one in a property, one in the node's name. */
function scopeOf({ name, opType, metadataProps }: NodeProto): string {
  const scopes = metadataProps.find(({ key }) => key === 'pkg.torch.onnx.name_scopes')?.value;
  if (scopes !== undefined) return [...scopes.matchAll(/'([^']*)'/g)].at(-2)?.[1] ?? '';
  const parts = name.startsWith('/') ? name.slice(1).split('/') : [];
  if (parts.at(-1)?.replace(/_\d+$/, '') === opType) parts.pop();
  return parts.join('.');
}
