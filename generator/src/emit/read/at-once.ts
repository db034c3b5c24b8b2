/**
 * Lists of numbers, and of structures that cannot fail: how many bytes they take is known before they are read, and nobody
 * sees them before they are complete. They are made with room for all elements: pushing them one by one takes three times as
 * long, and leaves room for more.
 */
import type { Expr } from '../../expr/ast.js';
import { nodesOf } from '../../expr/names.js';
import type { AttrSpec, ClassSpec, SimpleTypeSpec } from '../../spec/model.js';
import { isDelimited } from '../../types/program.js';
import { hasPositions, type EmitContext } from '../context/context.js';
import { attrId } from '../context/names.js';
import { plainSize } from '../layout/layout.js';

/** Bytes of each element of such a list; undefined of any other. */
export function sizeAtOnce(context: EmitContext, attr: AttrSpec, owner: ClassSpec): number | undefined {
  const { type, repeat } = attr;
  if (repeat === undefined || repeat.kind === 'until' || hasPositions(context, owner)) return undefined;
  // Of a number that the schema gives, there are few.
  if (repeat.kind === 'expr' && repeat.count.expr.kind === 'int') return undefined;
  if (attr.contents !== undefined || attr.valid !== undefined || attr.parent !== undefined) return undefined;
  if (isDelimited(attr) || type.kind === 'switch') return undefined;
  if (type.kind === 'int' || type.kind === 'float') return type.bytes;
  return type.kind === 'user' ? sizeOfStruct(context, type, owner) : undefined;
}

function sizeOfStruct(
  context: EmitContext,
  type: Extract<SimpleTypeSpec, { kind: 'user' }>,
  owner: ClassSpec,
): number | undefined {
  const { program } = context.inference;
  const spec = program.findType(type.name, owner);
  if (spec === undefined || hasPositions(context, spec) || !type.args.every(({ expr }) => isOfFields(expr, owner)))
    return undefined;
  const size = plainSize(program, spec);
  // Of what takes no bytes there may be any number.
  return size === 0 ? undefined : size;
}

/** Whether a parameter is made of the element's number and of fields alone: others might look at the list. */
function isOfFields(expr: Expr, owner: ClassSpec): boolean {
  const isNumberField = (id: string): boolean =>
    owner.seq.some(
      (attr, index) => attrId(attr, index) === id && attr.repeat === undefined && attr.type.kind !== 'user',
    );
  return nodesOf(expr).every((node) => {
    if (node.kind === 'name') return node.name === '_index' || isNumberField(node.name);
    return ['int', 'bool', 'unary', 'binary'].includes(node.kind);
  });
}
