/** A clock that never goes back, in milliseconds. Node loads `performance` only where it is used, in each thread anew. */
export function clock(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
