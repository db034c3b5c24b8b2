/** The constructor of a class, and its methods that read. */
import type { ClassSpec } from '../../spec/model.js';
import type { Constructor, Method, Parameter } from '../code/declarations.js';
import { remark } from '../code/docs.js';
import {
  NULL,
  SUPER,
  THIS,
  assign,
  call,
  construct,
  decimal,
  infix,
  isDefined,
  member,
  method,
  name,
  own,
  ownMethod,
} from '../code/expressions.js';
import { mentions, parameterFor } from '../code/inspect.js';
import type { Statement, Statements, Type } from '../code/nodes.js';
import { constant, give, run, set, when } from '../code/statements.js';
import { BOOLEAN, BYTE_ARRAY, DATA_VIEW, NUMBER, VOID, maybe, reference, unionOf } from '../code/types.js';
import { filling, type EmitContext } from '../context/context.js';
import { AT, BYTES, IO, MEMORY, OPTIONS, PARENT, ROOT, SOURCE, VALUE, VIEW } from '../context/locals.js';
import { parameterName } from '../context/names.js';
import { coversWhatIsRead } from '../layout/checksum.js';
import type { FixedLayout } from '../layout/layout.js';
import { keepsRoot } from '../layout/roots.js';
import { isReadWithin } from '../layout/starts.js';
import { construction, parameters } from './construction.js';
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
      optional(SOURCE.name, unionOf([reference(imports.support('KaitaiStream')), DATA_VIEW])),
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
    fromBytesMethod(context, spec, layout),
    readMethod(context, spec),
    { name: '_read', isOverride: true, returnType: VOID, parameters: [io], statements: body },
    ...listMethods(context, spec),
    ...(layout === undefined ? [] : [readFixedMethod(context, spec, layout)]),
  ];
}

const optionsOf = ({ imports }: EmitContext): Parameter => ({
  name: OPTIONS.name,
  isOptional: true,
  type: reference(imports.support('ReadOptions')),
});

function fromBytesMethod(context: EmitContext, spec: ClassSpec, layout: FixedLayout | undefined): Method {
  const { imports, names } = context;
  const self = imports.class(spec);
  const args = spec.params.map((param) => name(parameterName(names.member(spec, param.id))));
  const stream = construct(imports.support('KaitaiStream'), BYTES, OPTIONS);
  return {
    name: 'fromBytes',
    isStatic: true,
    docs: remark('Reads `bytes`, which must not change: byte fields are views of them. @throws {ReadError}'),
    parameters: [{ name: BYTES.name, type: BYTE_ARRAY }, ...parameters(context, spec), optionsOf(context)],
    returnType: reference(self),
    statements: [
      ...(layout === undefined ? [] : readAtOnce(context, spec, layout)),
      give(method(self, 'read', stream, ...args)),
    ],
  };
}

/** What is of fixed layout needs no stream. */
function readAtOnce(context: EmitContext, spec: ClassSpec, { size }: FixedLayout): Statements {
  return [
    constant(MEMORY, call(context.imports.support('memoryOf'), BYTES, decimal(size), OPTIONS)),
    when(isDefined(MEMORY), [
      constant(VALUE, construction(context, spec, MEMORY)),
      when(method(VALUE, '_readFixed', MEMORY, decimal(0)), give(VALUE)),
    ]),
  ];
}

function readMethod(context: EmitContext, spec: ClassSpec): Method {
  const { imports } = context;
  return {
    name: 'read',
    isStatic: true,
    docs: remark('Reads from where `io` stands. @throws {ReadError}'),
    parameters: [
      { name: IO.name, type: reference(imports.support('KaitaiStream')) },
      ...parameters(context, spec),
      optionsOf(context),
    ],
    returnType: reference(imports.class(spec)),
    statements: [give(call(imports.support('readStruct'), construction(context, spec, IO), OPTIONS))],
  };
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
    return [...started, run(ownMethod('_readFixed', member(IO, 'memory'), start))];
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

/** Whether a layout is of numbers and bytes that may be any: there is nothing to find out about them one by one. */
function isSure({ fields }: FixedLayout): boolean {
  return fields.every(
    ({ attr, bits }) =>
      bits === undefined && attr.contents === undefined && attr.valid === undefined && attr.type.kind !== 'user',
  );
}

function readFixedMethod(context: EmitContext, spec: ClassSpec, layout: FixedLayout): Method {
  const statements = readFixedLines(context, spec, layout);
  return {
    name: '_readFixed',
    docs: remark('False where a constraint is broken.'),
    parameters: [
      { name: parameterFor(VIEW, statements), type: DATA_VIEW },
      { name: parameterFor(AT, statements), type: NUMBER },
    ],
    returnType: BOOLEAN,
    statements,
  };
}
