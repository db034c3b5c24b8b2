/** Documentation keys and the vendor keys that name a rule. */
import type { Context, Fields } from './context.js';
import type { YamlNode } from './yaml.js';
import type { DocSpec, RuleSpec, Severity } from './model.js';

const SEVERITIES: readonly Severity[] = ['error', 'refuse-write', 'warning', 'info'];

export const NO_DOC: DocSpec = { summary: undefined, refs: [], origId: undefined };

export function readDoc(context: Context, fields: Fields): DocSpec {
  return {
    summary: context.string(fields, 'doc')?.value.replace(/\n+$/, ''),
    refs: context.strings(fields, 'doc-ref').map(({ value }) => value.trim()),
    origId: origId(fields.entries.get('-orig-id')?.value),
  };
}

/** Of others' schemas: what is no text, or list that begins with one, says nothing. */
function origId(node: YamlNode | undefined): string | undefined {
  const first = node?.kind === 'list' ? node.items[0] : node;
  return first?.kind === 'scalar' && first.type !== 'null' ? first.text : undefined;
}

/** `-rule` and `-severity`; a constraint is an error unless it says otherwise. */
export function readRule(context: Context, fields: Fields): RuleSpec {
  const rule = context.string(fields, '-rule')?.value;
  const given = context.string(fields, '-severity');
  if (given === undefined) return { rule, severity: 'error' };
  const severity = SEVERITIES.find((name) => name === given.value);
  if (severity === undefined) {
    context.error(given.at, `expected ${SEVERITIES.join(' / ')}, got '${given.value}'`);
  }
  return { rule, severity: severity ?? 'error' };
}
