/** The types of what `create` takes. */
import type { AttrSpec, ClassSpec, SimpleTypeSpec } from '../../spec/model.js';
import type { Inference } from '../../types/infer.js';
import { factOfTypes } from '../../types/post-order.js';
import { attrTypes, usedTypes, type Program } from '../../types/program.js';
import { casesOf, elseTypes, type Tagged } from '../layout/cases.js';
import type { AliasDeclaration, InterfaceDeclaration } from '../code/declarations.js';
import { name } from '../code/expressions.js';
import type { Name, PropertyType, Type } from '../code/nodes.js';
import { NEVER, intersectionOf, objectType, reference, textType, unionOf } from '../code/types.js';
import type { EmitContext } from '../context/context.js';
import { attrId } from '../context/names.js';
import { derivationOf } from '../layout/derived.js';
import { parseInstances } from '../layout/reasons.js';
import { defaultOf, isConstant, isDecidedAtOnce, isHandedDown } from './create-values.js';

const initName = (context: EmitContext, spec: ClassSpec): Name => name(`${context.names.class(spec)}Init`);

/** A property that `create` takes. */
interface Given {
  readonly property: string;
  readonly mayBeLeftOut: boolean;
  /** Taken as it is read: nothing tells what a plain object would become. */
  readonly isAsIs: boolean;
}

function givenIn(
  context: EmitContext,
  spec: ClassSpec,
  isEmpty = (attr: AttrSpec): boolean => isMadeOfNothing(context, spec, attr),
): Given[] {
  const { names, inference } = context;
  const isOpaque = (type: SimpleTypeSpec): boolean =>
    type.kind === 'user' && inference.program.findType(type.name, spec) === undefined;
  const taken = (id: string, mayBeLeftOut: boolean, attr: AttrSpec): Given => ({
    property: names.member(spec, id),
    mayBeLeftOut,
    isAsIs:
      attrTypes(attr).some(isOpaque) || (attr.type.kind === 'switch' && !isDecidedAtOnce(spec, attr.type.on.expr)),
  });
  return [
    ...spec.params.map((param) => ({
      property: names.member(spec, param.id),
      mayBeLeftOut: inference.paramType(param, spec).optional || isHandedDown(param),
      isAsIs: param.type.isArray || (param.type.kind === 'simple' && param.type.type.kind === 'user'),
    })),
    ...spec.seq.map((attr, index) => {
      const isKnown =
        isConstant(attr) ||
        derivationOf(inference.program, attr) !== undefined ||
        defaultOf(context, spec, attr) !== undefined ||
        isEmpty(attr);
      return taken(attrId(attr, index), isKnown || inference.program.attrType(attr, spec).optional, attr);
    }),
    ...parseInstances(inference.program, spec).map(({ id, attr }) => taken(id, true, attr)),
  ];
}

/** Whether a field is all of a type that must be given. */
export function isEnough(context: EmitContext, spec: ClassSpec, id: string): boolean {
  const property = context.names.member(spec, id);
  return givenIn(context, spec).every((each) => each.mayBeLeftOut || each.property === property);
}

type Emptiness = (program: Program, spec: ClassSpec) => boolean | undefined;
const emptiness = new WeakMap<Inference, Emptiness>();

/** Whether a field is a structure of which nothing must be given, once it has its parameters. */
export function isMadeOfNothing(context: EmitContext, owner: ClassSpec, attr: AttrSpec): boolean {
  const { inference } = context;
  const used = soleStructure(inference.program, owner, attr);
  if (used === undefined) return false;
  const isEmpty = emptiness.get(inference) ?? findEmpty(context);
  emptiness.set(inference, isEmpty);
  return isEmpty(inference.program, used) === true;
}

/** The type of a field that is one structure, whatever the others are. */
function soleStructure(program: Program, owner: ClassSpec, attr: AttrSpec): ClassSpec | undefined {
  if (attr.type.kind !== 'user' || attr.repeat !== undefined || attr.if !== undefined) return undefined;
  const [used] = usedTypes(program, attr, owner);
  return used === undefined || used.seq.length === 0 ? undefined : used;
}

const findEmpty = (context: EmitContext): Emptiness =>
  factOfTypes(
    (program, spec) => spec.seq.flatMap((attr) => soleStructure(program, spec, attr) ?? []),
    (program, spec, known) => {
      const isEmpty = (attr: AttrSpec): boolean => {
        const used = soleStructure(program, spec, attr);
        return used !== undefined && known(used) === true;
      };
      return givenIn(context, spec, isEmpty)
        .slice(spec.params.length)
        .every(({ mayBeLeftOut }) => mayBeLeftOut);
    },
  );

/** Types and docs are those of the class. */
export function initDeclaration(context: EmitContext, spec: ClassSpec): InterfaceDeclaration | AliasDeclaration {
  const { imports } = context;
  const all = givenIn(context, spec);
  const tags = narrowingTags(context, spec, all);
  const switched = new Set(tags.flatMap(({ tag, fields }) => [tag, ...fields]));
  const single = all.filter(({ property }) => !switched.has(property));
  const namesOf = (given: readonly Given[]): Type =>
    given.length === 0 ? NEVER : unionOf(given.map(({ property }) => textType(property)));
  const required = namesOf(single.filter(({ mayBeLeftOut }) => !mayBeLeftOut));
  const optional = namesOf(single.filter(({ mayBeLeftOut }) => mayBeLeftOut));
  const asIs = namesOf(single.filter(({ isAsIs }) => isAsIs));
  const groups = asIs !== NEVER ? [required, optional, asIs] : optional !== NEVER ? [required, optional] : [required];
  const own = reference(imports.class(spec));
  const plain = reference(imports.support('InitOf'), own, ...groups);
  const shared = {
    at: spec.at,
    name: initName(context, spec),
  };
  if (tags.length === 0) return { ...shared, kind: 'interface', extends: plain };
  const narrowed = tags.map(({ tag, fields, others }) =>
    reference(
      imports.support('SwitchedOn'),
      own,
      textType(tag),
      unionOf(fields.map(textType)),
      ...(others.length === 0 ? [] : [objectType(others)]),
    ),
  );
  return { ...shared, kind: 'alias', type: intersectionOf([...(single.length === 0 ? [] : [plain]), ...narrowed]) };
}

/** TypeScript multiplies the cases of several tags with each other. */
const MAX_CASES = 256;

/** The tags that must be given, with the fields that they narrow, and what these are with other values. */
function narrowingTags(
  context: EmitContext,
  spec: ClassSpec,
  given: readonly Given[],
): { readonly tag: string; readonly fields: readonly string[]; readonly others: readonly PropertyType[] }[] {
  const isRequired = (tag: string): boolean => given.some((each) => each.property === tag && !each.mayBeLeftOut);
  let product = 1;
  const used = new Set<string>();
  return [...casesOf(context, spec)].flatMap(([tag, { attrs, values }]: [string, Tagged]) => {
    const switched = [...attrs].filter(([, attr]) => spec.seq.includes(attr));
    const fields = switched.map(([field]) => field);
    if (fields.length === 0) return [];
    const isUsable = isRequired(tag) && ![tag, ...fields].some((each) => used.has(each));
    if (!isUsable || product * (values.size + 1) > MAX_CASES) return [];
    product *= values.size + 1;
    for (const each of [tag, ...fields]) used.add(each);
    const others = switched.flatMap(([field, attr]) => {
      const types = elseTypes(context, spec, attr);
      return types.length === 0 ? [] : [{ name: field, isOptional: false, type: unionOf(types) }];
    });
    return [{ tag, fields, others }];
  });
}

/** What makes a structure of the type on its own and, where it differs, within another one: that hands it its parameters. */
export function initTypes(context: EmitContext, spec: ClassSpec): PropertyType[] {
  const own = reference(initName(context, spec));
  const parameters = spec.params.map(({ id }) => textType(context.names.member(spec, id)));
  const within = reference(context.imports.support('Within'), own, unionOf(parameters));
  return [
    { name: 'init', isOptional: false, type: own },
    ...(parameters.length === 0 ? [] : [{ name: 'within', isOptional: false, type: within }]),
  ];
}
