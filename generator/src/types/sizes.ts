/** Constant sizes: of fields and types that take the same number of bits in every file. */
import type { AttrSpec, ClassSpec, SimpleTypeSpec } from '../spec/model.js';
import { factOfTypes } from './post-order.js';
import { usedTypes, type Program } from './program.js';

/** Bits of one value of a type, without `size` of a field; undefined where it varies. */
export function bitSizeOfType(program: Program, type: SimpleTypeSpec, owner: ClassSpec): number | undefined {
  return sizeOfType(program, type, owner, (spec) => bitSizeOfClass(program, spec));
}

/** Bits of a whole type; undefined where it varies. */
export const bitSizeOfClass: (program: Program, spec: ClassSpec) => number | undefined = factOfTypes(
  (program, spec) => spec.seq.flatMap((attr) => usedTypes(program, attr, spec)),
  sizeOfClass,
);

/** Bits of a field, `repeat` included; undefined where it varies or may be absent. */
export function bitSizeOfAttr(program: Program, attr: AttrSpec, owner: ClassSpec): number | undefined {
  return sizeOfAttr(program, attr, owner, (spec) => bitSizeOfClass(program, spec));
}

type SizeOf = (spec: ClassSpec) => number | undefined;

function sizeOfClass(program: Program, spec: ClassSpec, known: SizeOf): number | undefined {
  let total = 0;
  for (const attr of spec.seq) {
    const bits = sizeOfAttr(program, attr, spec, known);
    if (bits === undefined) return undefined;
    total = (isBits(attr) ? total : alignToByte(total)) + bits;
  }
  return exact(total);
}

/** Sizes that no file has are taken for unknown ones. */
function exact(bits: number): number | undefined {
  return Number.isSafeInteger(bits) ? bits : undefined;
}

function sizeOfAttr(program: Program, attr: AttrSpec, owner: ClassSpec, known: SizeOf): number | undefined {
  if (attr.if !== undefined) return undefined;
  const count = repeatCount(attr);
  const bits = sizeOfItem(program, attr, owner, known);
  return count === undefined || bits === undefined ? undefined : exact(count * bits);
}

function sizeOfItem(program: Program, attr: AttrSpec, owner: ClassSpec, known: SizeOf): number | undefined {
  if (attr.contents !== undefined) return attr.contents.bytes.length * 8;
  if (attr.size !== undefined) {
    return attr.size.expr.kind === 'int' ? exact(Number(attr.size.expr.value) * 8) : undefined;
  }
  if (attr.type.kind !== 'switch') return sizeOfType(program, attr.type, owner, known);
  const sizes = new Set(attr.type.cases.map((arm) => sizeOfType(program, arm.value, owner, known)));
  const total = attr.type.cases.some((arm) => arm.match === undefined);
  const [only] = sizes;
  return sizes.size === 1 && total ? only : undefined;
}

function sizeOfType(program: Program, type: SimpleTypeSpec, owner: ClassSpec, known: SizeOf): number | undefined {
  switch (type.kind) {
    case 'int':
    case 'float':
      return type.bytes * 8;
    case 'bits':
      return type.bits;
    case 'user': {
      const spec = program.findType(type.name, owner);
      return spec === undefined ? undefined : known(spec);
    }
    case 'bytes':
    case 'str':
    case 'strz':
      return undefined;
  }
}

/** How often a field is repeated, where that is constant. */
export function repeatCount(attr: AttrSpec): number | undefined {
  if (attr.repeat === undefined) return 1;
  if (attr.repeat.kind !== 'expr' || attr.repeat.count.expr.kind !== 'int') return undefined;
  return Number(attr.repeat.count.expr.value);
}

export function isBits(attr: AttrSpec): boolean {
  return attr.type.kind === 'bits';
}

export function alignToByte(bits: number): number {
  return Math.ceil(bits / 8) * 8;
}
