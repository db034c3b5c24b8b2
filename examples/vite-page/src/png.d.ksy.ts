// @generated from png.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { ReadOptions } from 'ksy-ts/runtime/constraints.js';
import { KaitaiStream } from 'ksy-ts/runtime/stream.js';
import { KaitaiStruct } from 'ksy-ts/runtime/struct.js';
/** @see https://www.w3.org/TR/png-3/ */
export declare class Png extends KaitaiStruct {
  /** The fields in order, as the schema lays them out. */
  static readonly LAYOUT: readonly [
    {
      readonly id: 'signature';
      readonly name: 'signature';
      readonly offset: 0;
      readonly size: 8;
      readonly type: 'contents';
      readonly section: 'https://www.w3.org/TR/png-3/';
    },
    {
      readonly id: 'chunks';
      readonly name: 'chunks';
      readonly offset: 8;
      readonly type: 'chunk[]';
      readonly section: 'https://www.w3.org/TR/png-3/';
    },
  ];
  _root: Png;
  readonly signature: Uint8Array;
  readonly chunks: Png_Chunk[];
  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct);
  /** Reads the structure at the start of `bytes`, which must not change: byte fields are views of it. @throws {ValidationError | EofError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): Png;
  /** Reads the structure at the current position of `io`; errors as for `fromBytes`. */
  static read(io: KaitaiStream, options?: ReadOptions): Png;
  _read(io?: KaitaiStream): void;
}
export declare const Png_ColourType: {
  readonly GREYSCALE: 0;
  readonly TRUECOLOUR: 2;
  readonly INDEXED: 3;
  readonly GREYSCALE_ALPHA: 4;
  readonly TRUECOLOUR_ALPHA: 6;
};
/** A declared value, or any other as it was read. */
export type Png_ColourType = (typeof Png_ColourType)[keyof typeof Png_ColourType] | (number & {});
export declare class Png_Chunk extends KaitaiStruct {
  /** The fields in order, as the schema lays them out. */
  static readonly LAYOUT: readonly [
    {
      readonly id: 'len_body';
      readonly name: 'lenBody';
      readonly offset: 0;
      readonly size: 4;
      readonly type: 'u4';
    },
    {
      readonly id: 'type';
      readonly name: 'type';
      readonly offset: 4;
      readonly size: 4;
      readonly type: 'str';
    },
    {
      readonly id: 'body';
      readonly name: 'body';
      readonly offset: 8;
      readonly type: 'image_header | physical_size | text';
    },
    {
      readonly id: 'crc';
      readonly name: 'crc';
      readonly size: 4;
      readonly type: 'u4';
    },
  ];
  _parent: Png | undefined;
  _root: Png | undefined;
  readonly lenBody: number;
  readonly type: string;
  readonly body: Png_ImageHeader | Png_PhysicalSize | Png_Text | Uint8Array;
  readonly crc: number;
  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct);
  /** Reads the structure at the start of `bytes`, which must not change: byte fields are views of it. @throws {ValidationError | EofError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): Png_Chunk;
  /** Reads the structure at the current position of `io`; errors as for `fromBytes`. */
  static read(io: KaitaiStream, options?: ReadOptions): Png_Chunk;
  _read(io?: KaitaiStream): void;
}
export declare class Png_ImageHeader extends KaitaiStruct {
  /** Size in bytes. */
  static readonly SIZE = 13;
  /** The fields in order, as the schema lays them out. */
  static readonly LAYOUT: readonly [
    {
      readonly id: 'width';
      readonly name: 'width';
      readonly offset: 0;
      readonly size: 4;
      readonly type: 'u4';
    },
    {
      readonly id: 'height';
      readonly name: 'height';
      readonly offset: 4;
      readonly size: 4;
      readonly type: 'u4';
    },
    {
      readonly id: 'bit_depth';
      readonly name: 'bitDepth';
      readonly offset: 8;
      readonly size: 1;
      readonly type: 'u1';
    },
    {
      readonly id: 'colour_type';
      readonly name: 'colourType';
      readonly offset: 9;
      readonly size: 1;
      readonly type: 'u1';
    },
    {
      readonly id: 'compression_method';
      readonly name: 'compressionMethod';
      readonly offset: 10;
      readonly size: 1;
      readonly type: 'u1';
    },
    {
      readonly id: 'filter_method';
      readonly name: 'filterMethod';
      readonly offset: 11;
      readonly size: 1;
      readonly type: 'u1';
    },
    {
      readonly id: 'interlace_method';
      readonly name: 'interlaceMethod';
      readonly offset: 12;
      readonly size: 1;
      readonly type: 'u1';
    },
  ];
  _parent: Png_Chunk | undefined;
  _root: Png | undefined;
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colourType: Png_ColourType;
  readonly compressionMethod: number;
  readonly filterMethod: number;
  readonly interlaceMethod: number;
  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct);
  /** Reads the structure at the start of `bytes`, which must not change: byte fields are views of it. @throws {ValidationError | EofError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): Png_ImageHeader;
  /** Reads the structure at the current position of `io`; errors as for `fromBytes`. */
  static read(io: KaitaiStream, options?: ReadOptions): Png_ImageHeader;
  _read(io?: KaitaiStream): void;
  /** False where a constraint is broken: `_read` finds out which. */
  _readFixed(view: DataView, at: number): boolean;
}
export declare class Png_PhysicalSize extends KaitaiStruct {
  /** Size in bytes. */
  static readonly SIZE = 9;
  /** The fields in order, as the schema lays them out. */
  static readonly LAYOUT: readonly [
    {
      readonly id: 'pixels_per_unit_x';
      readonly name: 'pixelsPerUnitX';
      readonly offset: 0;
      readonly size: 4;
      readonly type: 'u4';
    },
    {
      readonly id: 'pixels_per_unit_y';
      readonly name: 'pixelsPerUnitY';
      readonly offset: 4;
      readonly size: 4;
      readonly type: 'u4';
    },
    {
      readonly id: 'unit';
      readonly name: 'unit';
      readonly offset: 8;
      readonly size: 1;
      readonly type: 'u1';
    },
  ];
  _parent: Png_Chunk | undefined;
  _root: Png | undefined;
  readonly pixelsPerUnitX: number;
  readonly pixelsPerUnitY: number;
  /** 1 is the metre; 0 says no more than the ratio of both. */
  readonly unit: number;
  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct);
  /** Reads the structure at the start of `bytes`, which must not change: byte fields are views of it. @throws {ValidationError | EofError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): Png_PhysicalSize;
  /** Reads the structure at the current position of `io`; errors as for `fromBytes`. */
  static read(io: KaitaiStream, options?: ReadOptions): Png_PhysicalSize;
  _read(io?: KaitaiStream): void;
  /** False where a constraint is broken: `_read` finds out which. */
  _readFixed(view: DataView, at: number): boolean;
}
export declare class Png_Text extends KaitaiStruct {
  /** The fields in order, as the schema lays them out. */
  static readonly LAYOUT: readonly [
    {
      readonly id: 'keyword';
      readonly name: 'keyword';
      readonly offset: 0;
      readonly type: 'strz';
    },
    {
      readonly id: 'value';
      readonly name: 'value';
      readonly type: 'str';
    },
  ];
  _parent: Png_Chunk | undefined;
  _root: Png | undefined;
  readonly keyword: string;
  readonly value: string;
  constructor(source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct);
  /** Reads the structure at the start of `bytes`, which must not change: byte fields are views of it. @throws {ValidationError | EofError} */
  static fromBytes(bytes: Uint8Array, options?: ReadOptions): Png_Text;
  /** Reads the structure at the current position of `io`; errors as for `fromBytes`. */
  static read(io: KaitaiStream, options?: ReadOptions): Png_Text;
  _read(io?: KaitaiStream): void;
}
//# sourceMappingURL=data:application/json;charset=utf-8;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbInBuZy5rc3kiXSwibmFtZXMiOltdLCJtYXBwaW5ncyI6Ijs7Ozs7cUJBQUEsRzs7Ozs7Ozs7Ozs7Ozs7Ozs7YUFRSSxTO2FBRUEsTTs7Ozs7Ozs7cUJBbUVGLGM7Ozs7Ozs7O1lBQUEsYztxQkE5REEsUzs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7O2FBRU0sTzthQUVBLEk7YUFJQSxJO2FBUUEsRzs7Ozs7Ozs7cUJBRU4sZTs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7OzthQUVNLEs7YUFJQSxNO2FBSUEsUTthQUlBLFU7YUFLQSxpQjthQUVBLFk7YUFFQSxlOzs7Ozs7Ozs7O3FCQUVOLGdCOzs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7O2FBRU0sYzthQUVBLGM7O2FBRUEsSTs7Ozs7Ozs7OztxQkFHTixROzs7Ozs7Ozs7Ozs7OzthQUVNLE87YUFHQSxLIiwiZmlsZSI6InBuZy5kLmtzeS50cyJ9
