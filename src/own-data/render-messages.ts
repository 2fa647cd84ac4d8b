import { describe } from '../core/errors.ts';
import { RowFault } from './row-fault.ts';

type Cells = Readonly<Record<string, unknown>>;

/**
 * Chat messages as one text, `role: content` for each, in order: what a tool was called with is told, and what is no text
 * is named in brackets, so that two different chats seldom read alike.
 * @param value a list of messages, or the JSON text of one.
 * @throws RowFault naming the message that is none.
 */
export function renderMessages(value: unknown): string {
  const messages = typeof value === 'string' ? parsed(value) : value;
  if (!Array.isArray(messages)) throw new RowFault(`messages are ${describe(value)}, not a list`);
  if (messages.length === 0) throw new RowFault('messages are an empty list');
  return messages.flatMap((message: unknown, i) => linesOf(message, i + 1)).join('\n');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RowFault(`messages are ${describe(text)}, not a list in JSON`);
  }
}

function linesOf(message: unknown, number: number): string[] {
  if (!isObject(message) || typeof message.role !== 'string') {
    throw new RowFault(`message ${number} is ${describe(message)}, not {role, content}`);
  }
  const { role, content, tool_calls: calls, function_call: single } = message;
  const said = contentOf(content, number);
  const all = [...(Array.isArray(calls) ? calls : []), ...(isObject(single) ? [single] : [])];
  const called = all.map((call) => `${role} calls ${callOf(call)}`);
  return said === '' && called.length > 0 ? called : [`${role}: ${said}`, ...called];
}

function contentOf(content: unknown, number: number): string {
  if (content === null || content === undefined) return '';
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map((part) => partOf(part, number)).join('\n');
  throw new RowFault(`the content of message ${number} is ${describe(content)}, neither text nor parts`);
}

function partOf(part: unknown, number: number): string {
  if (typeof part === 'string') return part;
  if (!isObject(part)) throw new RowFault(`a part of message ${number} is ${describe(part)}`);
  if (typeof part.text === 'string') return part.text;
  if (part.type === 'tool_use') return `calls ${callOf(part)}`;
  if (part.type === 'tool_result') return `[tool_result] ${contentOf(part.content, number)}`;
  return `[${typeof part.type === 'string' ? part.type : 'part without text'}]`;
}

function callOf(call: unknown): string {
  const what = isObject(call) && isObject(call.function) ? call.function : call;
  if (!isObject(what) || typeof what.name !== 'string') return describe(what);
  const given = what.arguments ?? what.input;
  return `${what.name}: ${typeof given === 'string' ? given : JSON.stringify(given ?? {}, plain)}`;
}

/** Whole numbers of 64 bits, as Parquet has them, are none that JSON knows. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

function isObject(value: unknown): value is Cells {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
