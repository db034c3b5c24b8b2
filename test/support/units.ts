/** Units of size, in bytes. */
export const KIB = 1024;
export const MIB: number = 1024 * KIB;
export const GIB: number = 1024 * MIB;
export const TIB: number = 1024 * GIB;
