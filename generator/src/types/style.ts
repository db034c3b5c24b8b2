/** Names that the style guide asks for: `len_x` for the size of `x`, `num_x` for its count. */
import type { Diagnostics, Location } from '../diagnostics.js';
import type { Expr } from '../expr/ast.js';
import { childExpressions } from '../expr/names.js';
import type { AttrSpec, ClassSpec, ExprSpec } from '../spec/model.js';
import { expressionsOf } from './expressions.js';
import { attrsOf, findAttr, findInstance, topType, withNested } from './program.js';

const GUIDE = 'https://doc.kaitai.io/ksy_style_guide.html#attr-id';

/** Warns where a field that serves only as size or count of one other is called something else. */
export function checkStyle(top: ClassSpec, diagnostics: Diagnostics): void {
  const uses = countUses(top);
  for (const owner of withNested(top)) {
    for (const attr of attrsOf(owner)) {
      warn(owner, attr, attr.size, { prefix: 'len_', role: 'a byte size' }, uses, diagnostics);
      const count = attr.repeat?.kind === 'expr' ? attr.repeat.count : undefined;
      warn(owner, attr, count, { prefix: 'num_', role: 'repeat count' }, uses, diagnostics);
    }
  }
}

function warn(
  owner: ClassSpec,
  { id }: AttrSpec,
  reference: ExprSpec | undefined,
  { prefix, role }: { readonly prefix: string; readonly role: string },
  uses: ReadonlyMap<string, number>,
  diagnostics: Diagnostics,
): void {
  if (id === undefined || reference?.expr.kind !== 'name') return;
  const { name } = reference.expr;
  const wanted = prefix + id;
  const field = definition(owner, name);
  if (field === undefined || name === wanted || (uses.get(name) ?? 0) > 1) return;
  // The specification's own name is a better one.
  if (field.origId !== undefined) return;
  diagnostics.warning(
    field.at,
    `use \`${wanted}\` instead of \`${name}\`, given that it's only used as ${role} of \`${id}\` (see ${GUIDE})`,
  );
}

function definition(
  owner: ClassSpec,
  id: string,
): { readonly at: Location; readonly origId: string | undefined } | undefined {
  const attr = findAttr(owner, id);
  if (attr !== undefined) return { at: { ...attr.at, path: `${attr.at.path}/id` }, origId: attr.doc.origId };
  const instance = findInstance(owner, id);
  if (instance === undefined) return undefined;
  return { at: instance.at, origId: (instance.kind === 'value' ? instance.doc : instance.attr.doc).origId };
}

/** How often each name is mentioned in a file, whatever it is the name of. */
function countUses(top: ClassSpec): Map<string, number> {
  const uses = new Map<string, number>();
  const count = (expr: Expr): void => {
    if (expr.kind === 'name' || expr.kind === 'attribute') uses.set(expr.name, (uses.get(expr.name) ?? 0) + 1);
    for (const child of childExpressions(expr)) count(child);
  };
  for (const owner of withNested(topType(top))) for (const { expr } of expressionsOf(owner)) count(expr);
  return uses;
}
