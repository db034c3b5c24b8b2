/** Values and offsets in messages. */
/** A value in a message: numbers in decimal and hex, bytes in hex, long ones shortened. */
export declare function show(value: unknown): string;
export declare function hex(offset: number): string;
