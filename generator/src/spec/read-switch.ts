/** `switch-on` and `cases`, of types and of byte orders. */
import type { Location } from '../diagnostics.js';
import { caseForm } from '../expr/official-form.js';
import type { Context } from './context.js';
import type { CaseSpec, ExprSpec } from './model.js';
import type { YamlEntry, YamlNode, YamlScalar } from './yaml.js';

interface Switch {
  readonly on: ExprSpec | undefined;
  /** Undefined where they are no map, which is reported already. */
  readonly cases: readonly YamlEntry[] | undefined;
  /** Where `cases` stand. */
  readonly at: Location;
}

/** What is switched on, and the cases, which are still to be read; undefined where there is no switch. */
export function readSwitch(context: Context, node: YamlNode): Switch | undefined {
  const fields = context.fields(node);
  if (!fields) return undefined;
  context.checkKeys(fields, ['switch-on', 'cases']);
  for (const key of ['switch-on', 'cases']) {
    if (!fields.entries.has(key)) return context.error(fields.at, `missing mandatory argument \`${key}\``);
  }
  const on = context.expression(fields, 'switch-on');
  const map = fields.entries.get('cases');
  return { on, cases: map && context.map(map.value)?.entries, at: map?.value.at ?? node.at };
}

/** A case that is written twice, `1` and `0x1`, is the last one, as in the official compiler: paths have it in one form. */
export function lastOfEach<T extends { readonly at: Location }>(cases: readonly T[]): T[] {
  return [...new Map(cases.map((each) => [each.at.path, each])).values()];
}

/** The key of a `cases` entry as an expression; `match` is undefined for `_`. Its path is the official one. */
export function readCaseKey(
  context: Context,
  keyNode: YamlScalar,
): { readonly match: CaseSpec<unknown>['match']; readonly at: Location } | undefined {
  const form = caseForm(keyNode.text);
  const node = form === undefined ? keyNode : withCasePath(keyNode, form);
  if (keyNode.text.trim() === '_') return { match: undefined, at: node.at };
  const match = context.expressionAt(node);
  return match && { match, at: match.at };
}

function withCasePath(keyNode: YamlScalar, form: string): YamlScalar {
  const path = keyNode.at.path.slice(0, keyNode.at.path.length - keyNode.text.length) + form;
  const at = { ...keyNode.at, path };
  return { ...keyNode, at, locate: (index) => ({ ...keyNode.locate(index), path }) };
}
