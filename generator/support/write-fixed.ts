/** Structures of fixed layout that can be written: checked as a whole, then stored at constant offsets. */
import { propertyOf } from './names.js';
import { withOrigin } from './origin.js';
import { layoutOf, sizeOf, type AnyStruct } from './struct.js';
import { WritableStruct, viewOf } from './write.js';
import type { WriteOptions } from './write-error.js';
import type { KaitaiWriter } from './writer.js';

/** Base of generated classes of fixed layout that can be written. */
export abstract class FixedStruct<
  Root extends AnyStruct = AnyStruct,
  Parent extends AnyStruct = AnyStruct,
  Types = unknown,
> extends WritableStruct<Root, Parent, Types> {
  /** Stores what `_check` has found right. */
  protected abstract _store(bytes: Uint8Array, view: DataView, at: number): void;

  override writeTo(bytes: Uint8Array, offset = 0, options?: WriteOptions): void {
    this._check(options);
    this._store(bytes, viewOf(bytes, offset, sizeOf(this)), offset);
  }

  override toBytes(options?: WriteOptions): Uint8Array {
    const bytes = new Uint8Array(sizeOf(this));
    this.writeTo(bytes, 0, options);
    return withOrigin(this, bytes);
  }

  override _write(out: KaitaiWriter): void {
    this._out = out;
    this._check(out);
    if (out.hasBits) return this._writeWithin(out);
    const start = out.reserve(sizeOf(this));
    this._store(out.bytes, out.view, start);
  }

  /** Begins within a byte, as far as it begins with bits. */
  protected _writeWithin(out: KaitaiWriter): void {
    const bytes = new Uint8Array(sizeOf(this));
    this._store(bytes, viewOf(bytes, 0, bytes.length), 0);
    let end = 0;
    let wasBits = false;
    for (const field of layoutOf(this)) {
      const { offset = 0, size = 0, bits } = field;
      // Of a group of bits that has been written.
      if (bits !== undefined && offset < end) continue;
      if (wasBits) out.alignToByte();
      const value: unknown = this[propertyOf(field) as keyof this];
      const structs = [value].flat().filter((each) => each instanceof FixedStruct);
      const own = bytes.subarray(offset, offset + size);
      if (structs.length > 0) for (const each of structs) each._write(out);
      else if (bits === undefined) out.writeBytes(own);
      else out.writeBitsOf(own);
      end = offset + size;
      wasBits = bits !== undefined;
    }
  }

  /** Refuses the first integer that does not fit its field. */
  protected _refuseNumbers(): void {
    for (const field of layoutOf(this)) {
      const { id, type, bits } = field;
      const [, sign, bytes = ''] = /^([us])([1248])(?:[lb]e)?$/.exec(type) ?? [];
      const value: unknown = this[propertyOf(field) as keyof this];
      if ((sign === undefined && bits === undefined) || typeof value === 'boolean') continue;
      const width = BigInt(bits ?? Number(bytes) * 8);
      const lo = sign === 's' ? -(1n << (width - 1n)) : 0n;
      const hi = lo + (1n << width) - 1n;
      const isInteger = typeof value === 'bigint' || Number.isInteger(value);
      const integer = isInteger ? BigInt(value as number | bigint) : undefined;
      if (integer === undefined || integer < lo || integer > hi)
        this._refuse(id, `an integer from ${lo} to ${hi}`, value);
    }
  }
}
