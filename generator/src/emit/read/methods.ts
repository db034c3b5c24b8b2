/** The constructor of a class, and its methods that read. */
import type { ClassSpec } from '../../spec/model.js';
import type { Constructor, Method, Parameter } from '../code/declarations.js';
import {
  NULL,
  SUPER,
  THIS,
  assign,
  call,
  decimal,
  infix,
  isDefined,
  member,
  name,
  own,
  ownMethod,
} from '../code/expressions.js';
import { mentions, parameterFor } from '../code/inspect.js';
import type { Statement, Statements, Type } from '../code/nodes.js';
import { give, run, set, when } from '../code/statements.js';
import { BOOLEAN, DATA_VIEW, NUMBER, VOID, maybe, reference } from '../code/types.js';
import { filling, type EmitContext } from '../context/context.js';
import { AT, IO, PARENT, ROOT, SOURCE, VIEW } from '../context/locals.js';
import { parameterName } from '../context/names.js';
import { maybeTypeOf } from '../context/types.js';
import { coversWhatIsRead } from '../layout/checksum.js';
import type { FixedLayout } from '../layout/layout.js';
import { keepsRoot } from '../layout/roots.js';
import { isReadWithin } from '../layout/starts.js';
import { endianLines } from './endian.js';
import { readFixedLines } from './fixed.js';
import { listMethods } from './lists.js';
import { isPlaced } from './placed.js';
import { readSequence } from './sequence.js';
import { readsWithin } from './structs.js';

/** Each class sets what is common to all by itself: where the base class does, it does so for objects of any shape. */
export function constructorOf(context: EmitContext, spec: ClassSpec, layout: FixedLayout | undefined): Constructor {
  const { imports, inference, names } = context;
  const hasParams = spec.params.length > 0;
  const optional = (called: string, type: Type): Parameter =>
    hasParams ? { name: called, type: maybe(type) } : { name: called, isOptional: true, type };
  const struct = reference(imports.support('KaitaiStruct'));
  const as = imports.support('as');
  const hasOwnParent = inference.parents.of(spec).kind === 'struct';
  return {
    parameters: [
      optional(SOURCE.name, reference(imports.support('StructSource'))),
      optional(PARENT.name, struct),
      optional(ROOT.name, struct),
      ...parameters(context, spec),
    ],
    statements: [
      run(call(SUPER)),
      isReadWithin(inference.program, spec, layout)
        ? when(isDefined(SOURCE), set(own('_from'), SOURCE))
        : set(own('_from'), infix(SOURCE, '??', NULL)),
      // Used by another schema, it has none.
      spec.outer === undefined
        ? when(isDefined(PARENT), set(own('_parent'), PARENT))
        : set(own('_parent'), hasOwnParent ? call(as, PARENT) : PARENT),
      rootLine(context, spec),
      ...spec.params.map((param) => {
        const property = names.member(spec, param.id);
        return set(own(property), name(parameterName(property)));
      }),
    ],
  };
}

function parameters(context: EmitContext, spec: ClassSpec): Parameter[] {
  return spec.params.map((param) => ({
    name: parameterName(context.names.member(spec, param.id)),
    type: maybeTypeOf(context, context.inference.paramType(param, spec)),
  }));
}

/** What is not kept is found through the parent, if that tells the same. */
function rootLine({ imports, inference }: EmitContext, spec: ClassSpec): Statement {
  if (spec.outer === undefined) return set(own('_top'), infix(ROOT, '??', THIS));
  if (keepsRoot(inference.program, spec)) return set(own('_top'), ROOT);
  return set(own('_root'), call(imports.support('as'), ROOT));
}

/** `keepsStart`: something in the type counts from where it began. */
export function readMethods(
  context: EmitContext,
  spec: ClassSpec,
  layout: FixedLayout | undefined,
  keepsStart: boolean,
): Method[] {
  const { imports } = context;
  const body = readLines(context, spec, layout, keepsStart);
  const type = reference(imports.support('KaitaiStream'));
  const io: Parameter = mentions(body, IO)
    ? { name: IO.name, type, initializer: own('_io') }
    : { name: '_stream', isOptional: true, type };
  return [
    { name: '_read', isOverride: true, returnType: VOID, parameters: [io], statements: body },
    ...listMethods(context, spec),
    ...(layout === undefined ? [] : [readFixedMethod(context, spec, layout)]),
  ];
}

function readLines(
  context: EmitContext,
  spec: ClassSpec,
  layout: FixedLayout | undefined,
  keepsStart: boolean,
): Statements {
  const { imports } = context;
  const position = member(IO, 'pos');
  const isLookedAt = spec.seq.some((attr) => isPlaced(context, attr, spec) || readsWithin(context, attr, spec));
  const started = [
    // What looks back at the stream looks at this one, which may be another than that of the constructor.
    ...(keepsStart || isLookedAt ? [set(own('_from'), IO)] : []),
    ...(keepsStart ? [set(own('_start'), position)] : []),
  ];
  if (layout !== undefined && isSure(layout)) {
    // Nothing but the end of the stream can keep it from being read at once.
    const start = call(imports.support('takeFixed'), THIS, IO, decimal(layout.size));
    const atOnce = run(ownMethod('_readFixed', member(IO, 'memory'), start));
    const group = layout.fields[0]?.bits?.group;
    if (group === undefined) return [...started, atOnce];
    const readBits = imports.support(group.endian === 'le' ? 'readFewBitsLe' : 'readFewBitsBe');
    const bits = call(imports.support('bitsAhead'), THIS, IO, decimal(layout.size), readBits);
    const isWithin = infix(member(IO, 'bitsLeft'), '>', decimal(0));
    return [...started, when(isWithin, run(ownMethod('_readFixed', bits, decimal(0))), [atOnce])];
  }
  const fixed =
    layout === undefined
      ? []
      : [
          when(
            infix(
              call(imports.support('canReadFixed'), IO, decimal(layout.size)),
              '&&',
              ownMethod('_readFixed', member(IO, 'memory'), infix(member(IO, 'base'), '+', position)),
            ),
            [run(assign(position, decimal(layout.size), '+=')), give()],
          ),
        ];
  return [
    ...started,
    ...fixed,
    ...endianLines(context, spec),
    ...filling(context, spec, readSequence(context, spec, layout)),
    ...(coversWhatIsRead(context.inference.program, spec) ? [set(own('_end'), position)] : []),
  ];
}

/**
 * Whether a layout is of numbers and bytes that may be any: there is nothing to find out about them one by one. One that
 * begins with bits may begin within a byte: then all of it is bits.
 */
function isSure({ fields }: FixedLayout): boolean {
  const group = fields[0]?.bits?.group;
  return fields.every(
    ({ attr, bits }) =>
      (group === undefined || bits?.group === group) &&
      attr.contents === undefined &&
      attr.valid === undefined &&
      attr.type.kind !== 'user',
  );
}

/** It returns false where a constraint is broken. */
function readFixedMethod(context: EmitContext, spec: ClassSpec, layout: FixedLayout): Method {
  const statements = readFixedLines(context, spec, layout);
  return {
    name: '_readFixed',
    parameters: [
      { name: parameterFor(VIEW, statements), type: DATA_VIEW },
      { name: parameterFor(AT, statements), type: NUMBER },
    ],
    returnType: BOOLEAN,
    statements,
  };
}
