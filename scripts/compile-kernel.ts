import wabt from 'wabt';

/** WebAssembly text as a module, in base64. */
export async function compileKernel(text: string): Promise<string> {
  const { parseWat } = await wabt();
  const module = parseWat('kernel.wat', text, { simd: true });
  const { buffer } = module.toBinary({});
  module.destroy();
  return Buffer.from(buffer).toString('base64');
}
