/**
 * `ksy-ts/runtime`: what programs have to name that import schemas through the plugin. The support modules themselves are
 * entries below it, for the code of schemas alone.
 */
export type { Severity, ConstraintKind, Violation, ReadLimits, ReadOptions } from '../support/constraints.js';
export {
  ReadError,
  ValidationError,
  EofError,
  TerminatorError,
  UndecidedEndianError,
  ConversionError,
  ExpressionError,
  UnreadError,
  LimitError,
  EncodingError,
  ProcessError,
} from '../support/errors.js';
export { KaitaiStream } from '../support/stream.js';
export { KaitaiStruct } from '../support/struct.js';
export type { FieldLayout, StructClass } from '../support/struct.js';
export { propertyOf } from '../support/names.js';
export type {
  StructSchema,
  SchemaOf,
  FieldSchema,
  ConstraintSchema,
  EnumSchema,
  EnumValueSchema,
} from '../support/reflect.js';
export { enumName } from '../support/enums.js';
export { isCase } from '../support/cases.js';
export { toJSON } from '../support/to-json.js';
export type { JsonValue, JsonOptions } from '../support/to-json.js';
export type { FieldPosition, Positions } from '../support/positions.js';
export type { TreeSelection } from '../support/tree-path.js';
export { schemaTree } from '../support/tree.js';
export type { TreeFault, SchemaNode, TreeOptions } from '../support/tree.js';
export { ZlibError } from '../support/inflate.js';
export { WriteError } from '../support/write-error.js';
export type { WriteViolation, WriteOptions } from '../support/write-error.js';
