/**
 * Lists of structures that cannot fail: that they are all there is found out when they are read, and they are made when
 * they are first asked for. To make a structure takes ten times as long as to count it, and more memory than it has bytes.
 */
import { mentions } from '../../expr/names.js';
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { attrExpressions } from '../../types/expressions.js';
import { isForeign } from '../../types/program.js';
import type { Property } from '../code/declarations.js';
import {
  THIS,
  TRUE,
  UNDEFINED,
  arrow,
  assign,
  call,
  decimal,
  member,
  method,
  own,
  string,
} from '../code/expressions.js';
import type { Code, Statements, Type } from '../code/nodes.js';
import { constant, give, run, set } from '../code/statements.js';
import { reference, unionOf } from '../code/types.js';
import type { EmitContext } from '../context/context.js';
import { AT, IO, ITEM, START } from '../context/locals.js';
import { attrId, cacheOf } from '../context/names.js';
import { emitNumber } from '../expression/expression.js';
import { fixedLayout } from '../layout/layout.js';
import { keepsStart } from '../layout/starts.js';
import { sizeAtOnce } from './at-once.js';
import { structOf } from './structs.js';

/** A list that is put off. */
interface PutOff {
  /** What its structures are. */
  readonly spec: ClassSpec;
  /** Bytes of each. */
  readonly size: number;
}

/** What a field of `seq` lists, where that can be put off: no expression of a field asks for it. */
export function putOffList(context: EmitContext, attr: AttrSpec, owner: ClassSpec): PutOff | undefined {
  const size = sizeAtOnce(context, attr, owner);
  if (size === undefined || attr.type.kind !== 'user' || attr.if !== undefined) return undefined;
  const spec = context.inference.program.findType(attr.type.name, owner);
  if (spec === undefined || spec.params.length > 0) return undefined;
  // Not an instance.
  const index = owner.seq.findIndex(({ at }) => at === attr.at);
  if (index === -1) return undefined;
  const id = attrId(attr, index);
  const isAsked = owner.seq.flatMap(attrExpressions).some(({ expr }) => mentions(expr, id));
  return isAsked ? undefined : { spec, size };
}

/** Statements that read such a list. */
export function putOffLines(
  context: EmitContext,
  attr: AttrSpec,
  id: string,
  owner: ClassSpec,
  list: PutOff,
): Statements {
  const { imports, names } = context;
  const property = names.member(owner, id);
  const count =
    attr.repeat?.kind === 'expr'
      ? call(imports.support('countItems'), IO, emitNumber(context, attr.repeat.count.expr, { owner }))
      : undefined;
  const isOther = isForeign(list.spec, owner);
  const args = [THIS, string(property), IO, imports.class(list.spec), decimal(list.size)];
  const rest = isOther ? [count ?? UNDEFINED, TRUE] : count === undefined ? [] : [count];
  return [set(own(cacheOf(property)), call(imports.support('putOff'), ...args, ...rest))];
}

/** What such a list is kept in, and the list itself. */
export function putOffValue(
  context: EmitContext,
  attr: AttrSpec,
  owner: ClassSpec,
  { cache, type, list }: { readonly cache: string; readonly type: Type; readonly list: PutOff },
): { readonly slots: readonly Property[]; readonly value: Code } {
  const { imports, inference } = context;
  const { spec, size } = list;
  if (attr.type.kind !== 'user') throw new TypeError('not a list of structures');
  const made = structOf(context, attr, attr.type, owner, spec)(IO);
  const started = keepsStart(inference.program, spec, fixedLayout(inference.program, spec))
    ? [set(member(ITEM, '_start'), START)]
    : [];
  const make = arrow(started.length === 0 ? [IO, AT] : [IO, AT, START], [
    constant(ITEM, made),
    ...started,
    run(method(ITEM, '_readFixed', member(IO, 'memory'), AT)),
    give(ITEM),
  ]);
  return {
    slots: [{ name: cache, type: unionOf([type, reference(imports.support('StructList'))]), isSetLater: true }],
    value: assign(own(cache), call(imports.support('allMade'), own(cache), decimal(size), make)),
  };
}
