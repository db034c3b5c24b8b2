/** How much reading may take, whatever the file says. */
import type { ReadLimits } from './constraints.js';
/** What applies where `limits` says nothing else. */
export declare const DEFAULT_LIMITS: Required<ReadLimits>;
/** What is left of the limits while a stream, and those within it, are read. */
export declare class Budget {
    limits: Required<ReadLimits>;
    /** Structures in structures of their own kind, at the moment. */
    depth: number;
    items: number;
    emptyItems: number;
    allocated: number;
    inflated: number;
    constructor(limits: ReadLimits | undefined);
    /** Begins anew, with another structure of the stream. */
    renew(limits: ReadLimits | undefined): void;
    /** A structure of a kind that may hold itself begins at `offset`. @throws {LimitError} */
    enter(offset: number): void;
    leave(): void;
    /** @throws {LimitError} where `amount` more, at `offset` of the outermost stream, is too much */
    take(what: 'items' | 'emptyItems' | 'allocated' | 'inflated', amount: number, offset: number): void;
    exceed(what: keyof ReadLimits, offset: number | undefined): never;
}
