/**
 * `ksy-ts/runtime`: what programs have to name that import schemas through the plugin. The support modules themselves are
 * entries below it, for the code of schemas alone.
 */
export type { ConstraintKind, ReadLimits, ReadOptions, Severity, Violation } from '../support/constraints.js';
export {
  ConversionError,
  EncodingError,
  EofError,
  ExpressionError,
  LimitError,
  ProcessError,
  ReadError,
  TerminatorError,
  UndecidedEndianError,
  ValidationError,
} from '../support/errors.js';
export { KaitaiStream } from '../support/stream.js';
export { KaitaiStruct, type FieldLayout } from '../support/struct.js';
export type { FieldPosition, Positions } from '../support/positions.js';
export { ZlibError } from '../support/inflate.js';
export { WriteError, type WriteOptions, type WriteViolation } from '../support/write-error.js';
