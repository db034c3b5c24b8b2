/** Where enums are used: which integers each of them may have to hold. */
import type { TypeName } from '../expr/ast.js';
import type { ClassSpec, ExprSpec, SimpleTypeSpec } from '../spec/model.js';
import { SIZE_RANGE, signed, unsigned, type IntRange } from './int-range.js';
import { attrTypes, attrsOf } from './program.js';

export interface EnumUse {
  readonly name: TypeName;
  readonly value?: ExprSpec;
  readonly range?: IntRange;
}

/** The uses in a type, nested types apart. */
export function enumUses(owner: ClassSpec): EnumUse[] {
  const fromAttrs = attrsOf(owner).flatMap((attr): EnumUse[] => {
    if (attr.enum === undefined) return [];
    const name = attr.enum.value;
    return attrTypes(attr).map((type) => ({ name, range: widthOf(type) }));
  });
  const fromParams = owner.params.flatMap((param): EnumUse[] =>
    param.enum === undefined || param.type.kind !== 'simple'
      ? []
      : [{ name: param.enum.value, range: widthOf(param.type.type) }],
  );
  const fromValues = owner.instances.flatMap((spec): EnumUse[] =>
    spec.kind === 'value' && spec.enum !== undefined ? [{ name: spec.enum.value, value: spec.value }] : [],
  );
  return [...fromAttrs, ...fromParams, ...fromValues];
}

function widthOf(type: SimpleTypeSpec): IntRange {
  if (type.kind === 'int') return type.signed ? signed(type.bytes * 8) : unsigned(type.bytes * 8);
  return type.kind === 'bits' ? unsigned(type.bits) : SIZE_RANGE;
}
