/** Every expression that a type is written with, nested types apart. */
import type { AttrSpec, CaseSpec, ClassSpec, ConstraintSpec, ExprSpec, SimpleTypeSpec } from '../spec/model.js';

export function expressionsOf(spec: ClassSpec): ExprSpec[] {
  const { endian } = spec.meta;
  const isOwnEndian = typeof endian === 'object' && spec.outer?.meta.endian !== endian;
  return [
    ...spec.seq.flatMap(attrExpressions),
    ...spec.instances.flatMap((instance) =>
      instance.kind === 'value'
        ? given(instance.value, instance.if, ...constraintExpressions(instance.valid))
        : [...attrExpressions(instance.attr), ...given(instance.pos, instance.io)],
    ),
    ...given(spec.toStringExpr),
    ...(isOwnEndian ? [endian.on, ...matches(endian.cases)] : []),
  ];
}

export function attrExpressions(attr: AttrSpec): ExprSpec[] {
  const { type, repeat, parent, process } = attr;
  return [
    ...(type.kind === 'switch'
      ? [type.on, ...matches(type.cases), ...type.cases.flatMap((arm) => argumentsOf(arm.value))]
      : argumentsOf(type)),
    ...given(attr.size, attr.if, parent === 'none' ? undefined : parent, attr.checksum?.size),
    ...(repeat?.kind === 'expr' ? [repeat.count] : repeat?.kind === 'until' ? [repeat.until] : []),
    ...constraintExpressions(attr.valid),
    ...processArguments(process),
  ];
}

export function processArguments(process: AttrSpec['process']): ExprSpec[] {
  switch (process?.kind) {
    case 'xor':
      return [process.key];
    case 'rotate':
      return [process.amount];
    case 'custom':
      return [...process.args];
    default:
      return [];
  }
}

function constraintExpressions(valid: ConstraintSpec | undefined): ExprSpec[] {
  switch (valid?.kind) {
    case 'eq':
      return [valid.expected];
    case 'range':
      return given(valid.min, valid.max);
    case 'any-of':
      return [...valid.options];
    case 'expr':
      return [valid.condition];
    default:
      return [];
  }
}

const argumentsOf = (type: SimpleTypeSpec): readonly ExprSpec[] => (type.kind === 'user' ? type.args : []);

const matches = (cases: readonly CaseSpec<unknown>[]): ExprSpec[] => given(...cases.map(({ match }) => match));

const given = (...expressions: readonly (ExprSpec | undefined)[]): ExprSpec[] =>
  expressions.filter((expr) => expr !== undefined);
