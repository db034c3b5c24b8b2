/**
 * What generated code stands on: the base class of structures and, from the modules beside this one, the stream, the
 * errors, and what expressions need.
 */
import { type Constraint, type ReadOptions, type Violation } from './constraints.js';
import { KaitaiStream } from './stream.js';
/** One field of a structure, as the schema lays it out. */
export interface FieldLayout {
    /** The field's id in the schema. */
    readonly id: string;
    /** The property that holds it. */
    readonly name: string;
    /** Bytes from the structure's start; undefined behind a field of variable size. */
    readonly offset?: number;
    /** Bytes; of a bit field, of its whole byte-aligned group. Undefined where it varies. */
    readonly size?: number;
    /** First bit within the group, counted from the least significant one (little-endian) or most significant one. */
    readonly bitOffset?: number;
    readonly bits?: number;
    /** The type as the schema writes it. */
    readonly type: string;
    /** The specification's own spelling (`-orig-id`). */
    readonly origId?: string;
    /** The field's first `doc-ref`. */
    readonly section?: string;
}
/** Base of every generated class. */
export declare abstract class KaitaiStruct {
    /** What the structure was read from: its stream or, of one that needed none, memory. */
    _source: KaitaiStream | DataView | undefined;
    /** The structure around this one, as its schema sees it: none where another schema uses the type. */
    _parent: KaitaiStruct | undefined;
    /** The structure of the schema's top type; undefined for a nested type that another schema uses, or read on its own. */
    _root: KaitaiStruct | undefined;
    /** The structure whose field this one is, where that is not `_parent`. */
    _holder?: KaitaiStruct;
    /** Where the structure begins in `_source`, in bytes; kept by those that look back at it. */
    _start?: number;
    /** The array whose elements are being read, until it is complete: the one that is, is not in it yet. */
    _filling?: readonly unknown[] | undefined;
    /** Bytes that its values do not tell, by field. */
    _raws?: Map<string, Uint8Array> | undefined;
    /** What this structure was last written to. */
    _out: {
        readonly isOpen: boolean;
        readonly stream: KaitaiStream;
    } | undefined;
    /** Generated classes set these fields themselves: an object of one class has one shape, which is faster. */
    constructor(stream?: KaitaiStream, parent?: KaitaiStruct, root?: KaitaiStruct);
    /** The stream that this structure is read from or, while it is written, the one it is written to. */
    get _io(): KaitaiStream;
    /** The bytes of the stream that this structure was read from. */
    get _bytes(): Uint8Array | undefined;
    abstract _read(io?: KaitaiStream): void;
    /** What was read at once has no stream yet; one that had been read from would stand behind it. */
    _streamBehind(): KaitaiStream;
    /** A fixed structure at `offset` of this one, read when it is first asked for; `isForeign`: of another schema. */
    _child<T extends FixedStruct>(type: new (source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) => T, offset: number, isForeign?: boolean): T;
    /** `length` bytes at `offset` of this structure: what a lazily read field is made of. */
    _slice(offset: number, length: number): Uint8Array;
    /** Reports a broken constraint, or throws it where nobody collects and its severity is `error`. */
    _violate(constraint: Constraint, offset: number, length: number, expected: unknown, actual: unknown): void;
    /** `offset` counts from the start of this structure's stream. */
    _violation(constraint: Constraint, offset: number, length: number, expected: unknown, actual: unknown): Violation;
}
/**
 * What is thrown where `error` ended the reading of the field `id`: the error, with the field's path. The elements of a
 * list know their index while the list is read.
 */
export declare function located(struct: KaitaiStruct, id: string, error: unknown): unknown;
/** `error`, or a `LimitError` where it says that the stack is not deep enough. */
export declare function typedFault(error: unknown): unknown;
/** Makes `holder` known to a structure that has another `_parent`, or none: paths in errors go through it. */
export declare function heldBy<T extends KaitaiStruct>(holder: KaitaiStruct, struct: T): T;
/** The structure whose field this one is; undefined for one that is read, or made, on its own. */
export declare function holderOf(struct: KaitaiStruct): KaitaiStruct | undefined;
/** `_root` of a nested type. @throws {ExpressionError} where it has none */
export declare function rootOf<T>(struct: {
    readonly _root: T | undefined;
}): T;
/** @throws {ExpressionError} where there is no parent */
export declare function parentOf<T>(struct: {
    readonly _parent: T | undefined;
}): T;
/** Reads a structure that was just made from its stream. */
export declare function readStruct<T extends KaitaiStruct>(struct: T, options: ReadOptions | undefined): T;
/** Reads an object of a class that no schema describes. One written for Kaitai's JavaScript reads itself when it is made. */
export declare function readOpaque(value: object): void;
/** Classes of fixed layout, which are read at once. */
interface FixedStruct extends KaitaiStruct {
    _readFixed(view: DataView, at: number): boolean;
}
/** Path of a structure from the one that was read: `entries[3]`; empty for that one itself. */
export declare function pathOf(struct: KaitaiStruct): string;
export declare function joinPath(path: string, id: string): string;
export {};
