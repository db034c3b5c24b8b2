/** What statements that read several fields share. */
import { own } from '../code/expressions.js';
import { mentions } from '../code/inspect.js';
import type { Statements } from '../code/nodes.js';
import { constant, variable } from '../code/statements.js';
import { NUMBER } from '../code/types.js';
import { AT, IS_LE } from '../context/locals.js';

/** Declarations of the local variables that `reading` uses. */
export function sharedLines(reading: Statements): Statements {
  return [
    ...(mentions(reading, AT) ? [variable(AT, NUMBER)] : []),
    ...(mentions(reading, IS_LE) ? [constant(IS_LE, own('_isLe'))] : []),
  ];
}
