/** `-checksum`: a field that holds the checksum of the structure it stands in. */
import type { MethodDeclaration } from '../code/declarations.js';
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { identifier, quote } from '../code/text.js';
import type { EmitContext } from '../context/context.js';
import { emitNumber } from '../expression/expression.js';
import { placeFields, type FieldPlace } from '../layout/layout.js';
import { attrId } from '../context/names.js';
import { plus } from '../layout/primitives.js';

/** `verifyChecksum`, and `_writeChecksum` where the type can be written. */
export function checksumMethods(context: EmitContext, spec: ClassSpec, writable: boolean): MethodDeclaration[] {
  const index = spec.seq.findIndex((attr) => attr.checksum !== undefined);
  const attr = spec.seq[index];
  if (attr?.checksum === undefined) return [];
  const id = attrId(attr, index);
  const place = placeFields(context.inference.program, spec).find((candidate) => candidate.id === id);
  if (place?.offset === undefined || place.size === undefined) return [];
  const property = `this.${context.names.member(spec, id)}`;
  const checksum = `${context.imports.support('checksums')}.${identifier(attr.checksum.algo)}`;
  const around = `${context.imports.support('checksumAround')}(${checksum}, bytes, start, size, { offset: ${place.offset}, size: ${place.size} })`;
  const verify: MethodDeclaration = {
    name: 'verifyChecksum',
    docs: [
      '\nWhether the checksum fits the bytes that the structure was read from; false where they end before the checksum does.\n\n@param options takes the broken constraint, if it is one',
    ],
    parameters: [{ name: 'options', hasQuestionToken: true, type: context.imports.supportType('ReadOptions') }],
    returnType: 'boolean',
    statements: [
      `const size = ${checksumSize(context, spec) ?? 'this.toBytes().length'};`,
      'const start = this._start;',
      writable
        ? 'const bytes = this._bytes ?? this.toBytes();'
        : `const bytes = ${context.imports.support('need')}(this._bytes);`,
      `const expected = start + size <= bytes.length ? ${around} : undefined;`,
      `if (expected === ${property}) return true;`,
      `options?.onViolation?.(this._violation({ ${constraintText(attr, spec, id)} }, start + ${place.offset}, ${place.size}, expected, ${property}));`,
      'return false;',
    ],
  };
  return writable ? [verify, writeChecksum(spec, attr, place, checksum, property)] : [verify];
}

function writeChecksum(
  spec: ClassSpec,
  attr: AttrSpec,
  { offset, size }: FieldPlace,
  checksum: string,
  property: string,
): MethodDeclaration {
  const bits = (size ?? 4) * 8;
  const little = attr.type.kind === 'int' && (attr.type.endian ?? spec.meta.endian) === 'le' ? ', true' : '';
  return {
    name: '_writeChecksum',
    docs: ['Where not all of what it covers is in `bytes`, the checksum stays as it is.'],
    parameters: [
      { name: 'bytes', type: 'Uint8Array' },
      { name: 'start', type: 'number' },
      { name: 'size', type: 'number' },
      { name: 'view', type: 'DataView', initializer: 'new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)' },
    ],
    returnType: 'void',
    statements: [
      'if (start + size > bytes.length) return;',
      `view.setUint${bits}(${plus('start', offset ?? 0)}, 0${little});`,
      `${property} = ${checksum}(bytes.subarray(start, start + size));`,
      `view.setUint${bits}(${plus('start', offset ?? 0)}, ${property}${little});`,
    ],
  };
}

/** What the type's checksum covers, in bytes; undefined where that is all of it. */
export function checksumSize(context: EmitContext, spec: ClassSpec): string | undefined {
  const size = spec.seq.find(({ checksum }) => checksum !== undefined)?.checksum?.size;
  return size === undefined ? undefined : emitNumber(context, size.expr, { owner: spec });
}

function constraintText({ checksum, doc }: AttrSpec, spec: ClassSpec, id: string): string {
  const section = doc.refs[0] ?? spec.doc.refs[0];
  return [
    `id: ${quote(id)}`,
    "kind: 'checksum'",
    ...(checksum?.rule === undefined ? [] : [`rule: ${quote(checksum.rule)}`]),
    `severity: ${quote(checksum?.severity ?? 'error')}`,
    ...(section === undefined ? [] : [`section: ${quote(section)}`]),
  ].join(', ');
}
