// @generated from vhdx_file_type_identifier.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { SchemaOf } from './kaitai/reflect.js';
import { VhdxFileTypeIdentifier } from './vhdx_file_type_identifier.js';

/** What the schema says of `VhdxFileTypeIdentifier`. */
export const VhdxFileTypeIdentifierSchema: SchemaOf<VhdxFileTypeIdentifier> = { id: 'vhdx_file_type_identifier', type: VhdxFileTypeIdentifier, size: 520, doc: 'The first structure of the file: 520 bytes at offset 0, in a slot of 64 KiB.\nIt is written once, when the file is created; nothing in the first 64 KiB is\noverwritten afterwards. The rest of the slot is reserved and is not a part\nof this structure.', origId: 'File Type Identifier', section: '[MS-VHDX] 2.2.1', fields: [
  { id: 'signature', name: 'signature', offset: 0, size: 8, type: 'contents', origId: 'Signature', section: '[MS-VHDX] 2.2.1', kind: 'field', valid: [{ kind: 'contents', expected: '76 68 64 78 66 69 6c 65', rule: 'A2', severity: 'error' }] },
  { id: 'creator', name: 'creator', offset: 8, size: 512, type: 'bytes', origId: 'Creator', section: '[MS-VHDX] 2.2.1', kind: 'field', doc: 'The 512 bytes as they are stored; see `creator_text` for their reading.\nDiagnostic only: a reader must not let it influence its behaviour.' },
  { id: 'creator_text', name: 'creatorText', kind: 'instance', type: 'strz', doc: 'The name of the program that created the file, up to the first NUL or\n256 UTF-16 code units. The position counts from the start of the\nstream, as the structure stands at offset 0.', origId: 'Creator', section: '[MS-VHDX] 2.2.1' },
] };
