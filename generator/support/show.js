/** Values and offsets in messages. */
/** A value in a message: numbers in decimal and hex, bytes in hex, long ones shortened. */
export function show(value) {
    if (value instanceof Uint8Array) {
        const head = Array.from(value.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
        return value.length > 16 ? `[${head} … ${value.length} bytes]` : `[${head}]`;
    }
    if (Array.isArray(value))
        return value.map(show).join(', ');
    if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) {
        return value < 10 ? String(value) : `${value} (0x${value.toString(16)})`;
    }
    if (typeof value === 'string')
        return JSON.stringify(value);
    return String(value);
}
export function hex(offset) {
    return `0x${offset.toString(16)}`;
}
