/** Integers of more bits are refused, in schemas and at run time (`MAX_INTEGER_BITS` of the support module). */
export const MAX_BITS = 4096n;
/** The least integer that is refused. */
export const LIMIT: bigint = 1n << MAX_BITS;
