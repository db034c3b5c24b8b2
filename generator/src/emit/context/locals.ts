/** Names that are declared in methods of generated code, or for them. */
import { name } from '../code/expressions.js';
import type { Name } from '../code/nodes.js';

/** Where the field that is being read or written begins. */
export const AT: Name = name('at');
export const BYTES: Name = name('bytes');
export const COUNT: Name = name('count');
/** Where a stream ends so far. */
export const END: Name = name('end');
export const ENTRY: Name = name('entry');
export const ERROR: Name = name('error');
export const EXPECTED: Name = name('expected');
/** Id of the field that is being read. */
export const FIELD: Name = name('field');
/** Number of the element that is being read or written. */
export const I: Name = name('i');
export const INDEX: Name = name('index');
export const INIT: Name = name('init');
/** The stream that is read. */
export const IO: Name = name('io');
/** The byte order, where it is calculated. */
export const IS_LE: Name = name('isLe');
export const ITEM: Name = name('item');
export const ITEMS: Name = name('items');
export const LENGTH: Name = name('length');
export const LIST: Name = name('list');
export const OFFSET: Name = name('offset');
export const ON: Name = name('on');
export const OPTIONS: Name = name('options');
/** What is written to. */
export const OUT: Name = name('out');
/** Where the last element of a list began. */
export const PLACE: Name = name('place');
export const PARENT: Name = name('parent');
export const PART: Name = name('part');
export const ROOT: Name = name('root');
export const SEEN: Name = name('seen');
/** The object that a method fills, where its fields are read-only to others. */
export const SELF: Name = name('self');
export const SIZE: Name = name('size');
export const SOURCE: Name = name('source');
export const START: Name = name('start');
export const VALUE: Name = name('value');
export const VIEW: Name = name('view');

/** Globals. */
export const BIG_INT: Name = name('BigInt');
export const DATA_VIEW_CLASS: Name = name('DataView');
export const MATH: Name = name('Math');
export const NUMBER: Name = name('Number');
export const STRING: Name = name('String');
export const UINT8_ARRAY: Name = name('Uint8Array');
