/** A value that the schema makes optional, where an expression cannot do without it. */
export declare function need<T>(value: T | undefined): T;
/** What `convert` makes of a value; nothing of an absent one. */
export declare function present<T, U>(value: T | undefined, convert: (value: T) => U): U | undefined;
/** `value` as `T`: the schema's author says what it is (`.as<T>`). */
export declare function as<T>(value: unknown): T;
/** An object whose fields only its own class sets. */
export type Mutable<T> = {
    -readonly [K in keyof T]: T[K];
};
/** An element of an array; past its end is an error, as in other languages. */
export declare function itemAt<T>(items: ArrayLike<T>, index: number): T;
/** The last element of a non-empty array. */
export declare function last<T>(items: ArrayLike<T>): T;
export declare function minOf<T>(items: ArrayLike<T>): T;
export declare function maxOf<T>(items: ArrayLike<T>): T;
/** A float cut to an integer, towards zero. @throws {ConversionError} beyond ±2^53 */
export declare function truncate(value: number): number;
/** An integer written in `radix`, a sign before it and nothing behind. @throws {ConversionError} also beyond ±2^53 */
export declare function parseInteger(text: string, radix: number): number;
/** As `parseInteger`, of any size up to the limit. @throws {ConversionError} @throws {LimitError} */
export declare function parseBigInteger(text: string, radix: number): bigint;
/** No expression makes an integer of more bits. */
export declare const MAX_INTEGER_BITS = 4096;
/** No expression makes a longer text. */
export declare const MAX_TEXT_LENGTH: number;
/** `value`, whose size depends on the file. @throws {LimitError} */
export declare function boundedInteger(value: bigint): bigint;
/** `text`, whose length depends on the file. @throws {LimitError} */
export declare function boundedText(text: string): string;
/** @throws {LimitError} where `amount` is negative, or the result has too many bits */
export declare function shiftLeftBigInt(value: bigint, amount: bigint): bigint;
/** @throws {LimitError} where `amount` is negative */
export declare function shiftRightBigInt(value: bigint, amount: bigint): bigint;
/** As `shiftLeftBigInt`, where the result is known to be exact in a number. */
export declare function shiftLeft(value: number, amount: number): number;
export declare function shiftRight(value: number, amount: number): number;
export declare function reverseString(text: string): string;
/** An exact number out of a bigint: sizes, positions, indices. */
export declare function toNumber(value: bigint): number;
/** Division rounding down, as the expression language has it. */
export declare function floorDiv(a: number, b: number): number;
export declare function floorDivBigInt(a: bigint, b: bigint): bigint;
/** Remainder of `floorDiv`: it has the divisor's sign. */
export declare function floorMod(a: number, b: number): number;
export declare function floorModBigInt(a: bigint, b: bigint): bigint;
/** The schema's name for an enum value (`FULLY_PRESENT`); undefined for a value it does not declare. */
export declare function enumName(values: Readonly<Record<string, number | bigint>>, value: number | bigint): string | undefined;
export declare function isEnumValue(values: Readonly<Record<string, number | bigint>>, value: number | bigint): boolean;
