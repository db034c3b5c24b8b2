/**
 * The support modules: what generated code imports, as files of `support/`. They go into a folder of their own beside an
 * output. A test compares this table with the files.
 */

/** The folder beside an output. No schema makes a folder, so nothing of a user's schemas has a place in it. */
export const SUPPORT_FOLDER = 'kaitai';

export interface SupportModule {
  readonly name: string;
  /** The modules that it imports: all stand above it. */
  readonly needs?: readonly string[];
  readonly values?: readonly string[];
  readonly types?: readonly string[];
}

/** In the order in which they import each other. */
export const SUPPORT_MODULES: readonly SupportModule[] = [
  { name: 'show', values: ['show', 'hex'] },
  {
    name: 'constraints',
    needs: ['show'],
    values: ['describeConstraint'],
    types: ['Severity', 'ConstraintKind', 'Constraint', 'Violation', 'ReadLimits', 'ReadOptions'],
  },
  {
    name: 'errors',
    needs: ['constraints', 'show'],
    values: [
      'ReadError',
      'ValidationError',
      'EofError',
      'TerminatorError',
      'UndecidedEndianError',
      'ConversionError',
      'ExpressionError',
      'UnreadError',
      'LimitError',
      'EncodingError',
      'ProcessError',
    ],
  },
  { name: 'inspect', needs: ['show'], values: ['shownByFields'] },
  { name: 'limits', needs: ['constraints', 'errors'], values: ['DEFAULT_LIMITS', 'Budget', 'enter', 'leave'] },
  {
    name: 'values',
    needs: ['errors'],
    values: [
      'need',
      'present',
      'as',
      'itemAt',
      'last',
      'minOf',
      'maxOf',
      'truncate',
      'parseInteger',
      'parseBigInteger',
      'MAX_INTEGER_BITS',
      'MAX_TEXT_LENGTH',
      'boundedInteger',
      'boundedText',
      'shiftLeftBigInt',
      'shiftRightBigInt',
      'shiftLeft',
      'shiftRight',
      'reverseString',
      'toBigInt',
      'toNumber',
      'floorDiv',
      'floorDivBigInt',
      'floorMod',
      'floorModBigInt',
    ],
    types: ['Mutable'],
  },
  { name: 'raw', values: ['noteRaw', 'rawOf', 'noteFloat', 'keepNaN'], types: ['RawOwner', 'RawKind'] },
  {
    name: 'bytes',
    needs: ['errors', 'raw'],
    values: [
      'terminatorLength',
      'indexOfTerminator',
      'bytesTerminate',
      'bytesStripRight',
      'trimBytes',
      'trimText',
      'valueEnd',
      'compareBytes',
      'equalBytes',
      'decodeString',
      'noteText',
      'SHORT_TEXT',
      'shortAscii',
    ],
    types: ['Terminator'],
  },
  {
    name: 'bits',
    values: [
      'bitStart',
      'readFewBitsBe',
      'readFewBitsLe',
      'readBitsBe',
      'readBitsLe',
      'readBitsBeBigInt',
      'readBitsLeBigInt',
    ],
    types: ['BitSource'],
  },
  {
    name: 'stream',
    needs: ['constraints', 'errors', 'limits'],
    values: ['KaitaiStream', 'sliceOf'],
  },
  {
    name: 'numbers',
    needs: ['stream'],
    values: [
      'readU1',
      'readS1',
      'readU2le',
      'readU2be',
      'readU4le',
      'readU4be',
      'readS2le',
      'readS2be',
      'readS4le',
      'readS4be',
      'readU8leBigInt',
      'readU8beBigInt',
      'readS8leBigInt',
      'readS8beBigInt',
      'readF4le',
      'readF4be',
      'readF8le',
      'readF8be',
    ],
  },
  {
    name: 'parts',
    needs: ['constraints', 'stream'],
    values: ['readBytesFull', 'substream', 'readSubstream', 'ensureAt', 'bytesAt', 'memoryOf'],
  },
  {
    name: 'lists',
    needs: ['stream'],
    values: ['countItems', 'nextItem', 'movedFrom', 'itemsLeft', 'roomFor', 'roomLeft'],
  },
  {
    name: 'struct',
    needs: ['constraints', 'errors', 'inspect', 'show', 'stream', 'values'],
    values: [
      'KaitaiStruct',
      'located',
      'failedIn',
      'nothingYet',
      'fitted',
      'typedFault',
      'heldBy',
      'holderOf',
      'idOf',
      'canReadFixed',
      'childOf',
      'bytesIn',
      'viewed',
      'takeFixed',
      'sizeOf',
      'rootOf',
      'parentOf',
      'readStruct',
      'readOpaque',
      'pathOf',
      'joinPath',
    ],
    types: ['FieldLayout', 'TypesOf'],
  },
  {
    name: 'text',
    needs: ['bytes', 'errors', 'parts', 'raw', 'stream', 'struct'],
    values: ['readBytesUntil', 'readText', 'readTextUntil', 'textAt', 'textIn'],
  },
  { name: 'byte-lists', needs: ['struct'], values: ['ByteList', 'allViewed'] },
  { name: 'struct-lists', needs: ['lists', 'stream', 'struct'], values: ['StructList', 'putOff', 'allMade'] },
  {
    name: 'reflect',
    needs: ['constraints', 'struct'],
    values: ['schemaOf', 'enumValueOf'],
    types: ['StructSchema', 'SchemaOf', 'FieldSchema', 'ConstraintSchema', 'EnumSchema', 'EnumValueSchema'],
  },
  { name: 'to-json', needs: ['errors', 'reflect', 'struct'], values: ['toJSON'], types: ['JsonValue', 'JsonOptions'] },
  { name: 'enums', values: ['enumName', 'isEnumValue'] },
  { name: 'cases', needs: ['struct'], values: ['isCase'], types: ['Case'] },
  { name: 'init', needs: ['struct'], types: ['Given', 'InitOf', 'Within', 'SwitchedOn'] },
  { name: 'checksums', values: ['checksums', 'checksumAround'], types: ['ChecksumFunction'] },
  { name: 'process', needs: ['errors', 'values'], values: ['processXor', 'processRotateLeft', 'processCustom'] },
  {
    name: 'positions',
    needs: ['stream'],
    values: ['beginField', 'endField', 'beginItem', 'endItem'],
    types: ['FieldPosition', 'Positions'],
  },
  { name: 'tree-path', values: ['PathSelection'], types: ['TreeSelection', 'ListRange'] },
  {
    name: 'tree',
    needs: ['positions', 'reflect', 'stream', 'struct', 'tree-path'],
    values: ['schemaTree', 'faultOf'],
    types: ['TreeFault', 'SchemaNode', 'TreeOptions'],
  },
  {
    name: 'hex-view',
    needs: ['show'],
    values: ['ROW', 'hexRow', 'fieldRow', 'furtherRows', 'valueText', 'asciiText'],
    types: ['HexField', 'HexWords'],
  },
  { name: 'encodings', needs: ['bytes', 'raw'], values: ['decodeText', 'singleByteCharacters'] },
  { name: 'inflate', needs: ['errors'], values: ['ZlibError', 'adler32', 'inflate'] },
  { name: 'zlib', needs: ['inflate', 'limits', 'stream'], values: ['processZlib', 'unprocessZlib', 'storedZlib'] },
  {
    name: 'interop',
    needs: ['bits', 'constraints', 'errors', 'numbers', 'parts', 'stream', 'text'],
    values: ['forKaitaiStruct'],
  },
  { name: 'origin', needs: ['stream', 'struct'], values: ['originOf', 'withOrigin'], types: ['Origin'] },
  { name: 'coverage', values: ['BitCoverage', 'layOver'] },
  { name: 'output', values: ['ByteOutput'] },
  {
    name: 'write-error',
    needs: ['constraints', 'show'],
    values: ['WriteError'],
    types: ['WriteViolation', 'WriteOptions'],
  },
  { name: 'verdict', needs: ['write-error'], values: ['Verdict'] },
  { name: 'waiting', values: ['Waiting'], types: ['Placement'] },
  { name: 'written-stream', needs: ['stream', 'write-error'], values: ['WrittenStream'] },
  { name: 'measured', needs: ['struct', 'write-error'], values: ['writeMeasured'], types: ['Sizing'] },
  { name: 'demands', needs: ['bytes', 'show', 'write-error'], values: ['Demands'] },
  {
    name: 'writer',
    needs: [
      'coverage',
      'demands',
      'measured',
      'origin',
      'output',
      'show',
      'stream',
      'struct',
      'verdict',
      'waiting',
      'write-error',
      'written-stream',
    ],
    values: ['writeRoot', 'KaitaiWriter'],
    types: ['Writable'],
  },
  { name: 'free-offsets', needs: ['struct'], values: ['freeOffset', 'holdsFreeOffset', 'offsetSetter'] },
  {
    name: 'write',
    needs: ['bytes', 'constraints', 'free-offsets', 'raw', 'show', 'struct', 'write-error', 'writer'],
    values: ['WritableStruct', 'fitBytes', 'storeBytes', 'viewOf', 'intInRange', 'bigIntInRange'],
  },
  {
    name: 'write-fixed',
    needs: ['origin', 'struct', 'write', 'write-error', 'writer'],
    values: ['FixedStruct'],
  },
  {
    name: 'write-streamed',
    needs: ['bytes', 'raw', 'show', 'struct', 'write', 'write-error', 'writer'],
    values: ['StreamedStruct', 'Fetched'],
  },
  {
    name: 'create',
    needs: ['bytes', 'show', 'struct', 'write', 'write-error'],
    values: ['filled', 'made', 'madeCase', 'ended', 'agreed'],
  },
  { name: 'spell', needs: ['struct', 'write', 'write-error'], values: ['spelled'], types: ['Spelling'] },
  {
    name: 'encode',
    needs: ['bytes', 'process', 'raw', 'write'],
    values: ['encodeField', 'encodeString', 'unprocessRotateLeft', 'unprocessCustom'],
    types: ['Decode'],
  },
];

/** The names that users of generated code need: bases, options, reports and errors. The index exports these alone. */
const PUBLIC: ReadonlySet<string> = new Set(
  (
    'KaitaiStruct KaitaiStream FieldLayout FieldPosition Positions ReadOptions ReadLimits Violation Severity ConstraintKind ' +
    'WriteOptions WriteViolation ReadError ValidationError EofError TerminatorError UndecidedEndianError ConversionError ' +
    'ExpressionError UnreadError LimitError EncodingError ProcessError ZlibError WriteError ' +
    'StructSchema SchemaOf FieldSchema ConstraintSchema EnumSchema EnumValueSchema toJSON JsonValue JsonOptions ' +
    'enumName isCase schemaTree SchemaNode TreeOptions TreeFault TreeSelection'
  ).split(' '),
);

/** The module of each name that support modules export. */
const MODULE_OF: ReadonlyMap<string, SupportModule> = new Map(
  SUPPORT_MODULES.flatMap((module) =>
    [...(module.values ?? []), ...(module.types ?? [])].map((name) => [name, module]),
  ),
);

const BY_SPECIFIER: ReadonlyMap<string, SupportModule> = new Map(
  SUPPORT_MODULES.map((module) => [specifierOf(module), module]),
);

/** Names that generated code must not declare itself. */
export const SUPPORT_NAMES: ReadonlySet<string> = new Set(MODULE_OF.keys());

/** The module that exports `name`, as generated code imports it: `./kaitai/write.js`, or from another `folder`. */
export function supportModule(name: string, folder?: string): string {
  const module = MODULE_OF.get(name);
  if (module === undefined) throw new TypeError(`no support module exports '${name}'`);
  return specifierOf(module, folder);
}

/** The support modules that imports from `specifiers` lead to, with all that these need, in the table's order. */
export function neededModules(specifiers: Iterable<string>): readonly SupportModule[] {
  const needed = new Set([...specifiers].map((specifier) => BY_SPECIFIER.get(specifier)?.name));
  // What a module needs stands above it: from below, one turn finds all.
  for (const { name, needs = [] } of SUPPORT_MODULES.toReversed())
    if (needed.has(name)) for (const other of needs) needed.add(other);
  return SUPPORT_MODULES.filter(({ name }) => needed.has(name));
}

/** What an index exports of a support module, as declarations. */
export function publicExports(module: SupportModule): string[] {
  const { values = [], types = [] } = module;
  const open = (kind: string, names: readonly string[]): string[] => {
    const shown = names.filter((name) => PUBLIC.has(name));
    return shown.length === 0 ? [] : [`export ${kind}{ ${shown.join(', ')} } from '${specifierOf(module)}';`];
  };
  return [...open('', values), ...open('type ', types)];
}

/** Names of enum values; where there are enums, it is there for their users. */
export const ENUM_MODULE: string = specifierOf({ name: 'enums' });

/** What has streams and errors count as those of the npm package `kaitai-struct`, for whoever imports it. */
export const INTEROP_MODULE: string = specifierOf({ name: 'interop' });

/** What is made of reflection; no generated module imports it. */
export const REFLECTION_MODULES: readonly string[] = ['to-json', 'tree', 'hex-view'].map((name) =>
  specifierOf({ name }),
);

function specifierOf({ name }: SupportModule, folder = `./${SUPPORT_FOLDER}`): string {
  return `${folder}/${name}.js`;
}
