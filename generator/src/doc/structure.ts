/** A structure and its enums as sections of a page: what it is, a diagram, and a table for each kind of member. */
import { attrId } from '../emit/context/names.js';
import type { AttrSpec, ClassSpec, DocSpec, EnumSpec, ExprSpec } from '../spec/model.js';
import type { Inference } from '../types/infer.js';
import { usedTypes } from '../types/program.js';
import {
  BREAK,
  cell,
  code,
  compactTable,
  joined,
  lines,
  list,
  note,
  text,
  type Block,
  type Inline,
  type Row,
  type Section,
  type Table,
} from './content.js';
import { bitsText, hexOffset, positionDiagram, sequenceDiagram } from './diagram.js';
import {
  enumAnchor,
  enumLink,
  enumValueAnchor,
  memberAnchor,
  memberLink,
  typeAnchor,
  typeLink,
  typeName,
} from './links.js';
import { Layouts, type FieldPlace } from './places.js';
import { proseBlocks, reference } from './prose.js';
import { isConstant, sumText, type Sum } from './sum.js';
import { constraints, expression, fieldType, instanceConstraints, openEnd, paramType, valueType } from './words.js';

const FIELDS = ['Offset', 'Size', 'Type', 'Name', 'Description', 'Constraints', 'Section'] as const;
const PLACED = ['Position', 'Size', 'Type', 'Name', 'Description', 'Constraints', 'Section'] as const;
const CALCULATED = ['Name', 'Type', 'Value', 'Description', 'Constraints', 'Section'] as const;
const PARAMETERS = ['Name', 'Type', 'Description', 'Section'] as const;
const ENUM_VALUES = ['Value', 'Name', 'Description', 'Section'] as const;

/** Where a type is used: the fields that have it. */
type Uses = ReadonlyMap<ClassSpec, readonly { readonly owner: ClassSpec; readonly id: string }[]>;

export class StructurePages {
  readonly layouts: Layouts;
  readonly #inference: Inference;
  readonly #uses: Uses;

  constructor(inference: Inference) {
    this.#inference = inference;
    this.layouts = new Layouts(inference);
    this.#uses = usesOf(inference);
  }

  /** The sections of a type, its enums and the types in it. `facts` are told beside its own. */
  sections(spec: ClassSpec, facts: readonly (readonly Inline[])[] = []): Section[] {
    const level = spec.outer === undefined ? 2 : 3;
    const enums = [...spec.enums.values()].map((each) => this.#enumSection(each));
    const nested = [...spec.types.values()].flatMap((each) => this.sections(each));
    return [this.#overview(spec, facts), ...this.#tables(spec, level), ...enums, ...nested];
  }

  #overview(spec: ClassSpec, facts: readonly (readonly Inline[])[]): Section {
    const { doc } = spec;
    const diagram = sequenceDiagram(this.layouts, spec) ?? positionDiagram(this.layouts, spec);
    const own = list([...this.#facts(spec), ...facts]);
    return {
      anchor: typeAnchor(spec),
      level: 2,
      heading: spec.outer === undefined ? [] : [text('Type '), code(typeName(spec, spec))],
      blocks: [...(doc.summary === undefined ? [] : proseBlocks(doc.summary)), own],
      ...(diagram === undefined ? {} : { diagram }),
    };
  }

  #facts(spec: ClassSpec): Inline[][] {
    const { size } = this.layouts.of(spec);
    const { doc, meta, toStringExpr } = spec;
    const uses = this.#uses.get(spec) ?? [];
    const { endian } = meta;
    return [
      ...(doc.origId === undefined ? [] : [[text(`Name in the specification: ${doc.origId}`)]]),
      ...(doc.refs.length === 0 ? [] : [[text('Section: '), ...joined(doc.refs.map(reference), ', ')]]),
      ...(spec.seq.length === 0 ? [] : [[text('Size: '), ...sizeInWords(size)]]),
      ...(typeof endian !== 'object' ? [] : [[text('Byte order: by '), ...endianWords(endian)]]),
      ...(uses.length === 0
        ? []
        : [
            [
              text('Used by '),
              ...joined(
                uses.map(({ owner, id }) => [memberLink(owner, id, spec)]),
                ', ',
              ),
            ],
          ]),
      ...(toStringExpr === undefined ? [] : [[text('As text: '), expression(toStringExpr)]]),
    ];
  }

  #tables(spec: ClassSpec, level: number): Section[] {
    const tables: readonly (readonly [name: string, table: Table | undefined])[] = [
      ['Parameters', compactTable(PARAMETERS, this.#params(spec))],
      ['Fields', compactTable(FIELDS, this.#fields(spec))],
      ['Instances', compactTable(PLACED, this.#placed(spec))],
      ['Calculated values', compactTable(CALCULATED, this.#calculated(spec))],
    ];
    return tables.flatMap(([name, table]) => {
      if (table === undefined) return [];
      // Ids have no `-`: this is no anchor of an enum.
      const anchor = `${typeAnchor(spec)}---${name.toLowerCase().replace(' ', '-')}`;
      return [{ anchor, level, heading: [text(name)], blocks: [], table }];
    });
  }

  #params(spec: ClassSpec): Row[] {
    const { program } = this.#inference;
    return spec.params.map((param) => ({
      anchor: memberAnchor(spec, param.id),
      cells: [nameCell(param.id, param.doc), cell(paramType(program, param, spec)), ...docCells(param.doc)],
    }));
  }

  #fields(spec: ClassSpec): Row[] {
    return this.layouts.of(spec).places.map((place) => ({
      anchor: memberAnchor(spec, place.id),
      cells: [offsetCell(place), placeSizeCell(place), ...this.#attrCells(place.attr, place.id, spec)],
    }));
  }

  #attrCells(attr: AttrSpec, id: string, owner: ClassSpec): (readonly Block[])[] {
    const { program } = this.#inference;
    const [description, section] = docCells(attr.doc);
    return [
      cell(fieldType(program, attr, owner)),
      nameCell(id, attr.doc),
      description,
      cell(constraints(program, attr, owner)),
      section,
    ];
  }

  #placed(spec: ClassSpec): Row[] {
    return spec.instances.flatMap((instance) => {
      if (instance.kind !== 'parse') return [];
      const { id, attr, pos, io } = instance;
      const position = pos === undefined ? [text('where the stream stands')] : this.#positionWords(pos, spec);
      const stream = io === undefined ? [] : [[text('in '), expression(io)]];
      const size = this.layouts.sizeOf(attr, spec);
      const cells = [cell(lines([position, ...stream])), sizeCell(size, attr), ...this.#attrCells(attr, id, spec)];
      return [{ anchor: memberAnchor(spec, id), cells }];
    });
  }

  #positionWords(pos: ExprSpec, owner: ClassSpec): Inline[] {
    const sum = this.layouts.sum(pos, owner);
    if (!isConstant(sum)) return [expression(pos)];
    const isName = pos.expr.kind !== 'int';
    return isName ? [...offsetWords(sum), BREAK, expression(pos)] : offsetWords(sum);
  }

  #calculated(spec: ClassSpec): Row[] {
    const { program } = this.#inference;
    return spec.instances.flatMap((instance) => {
      if (instance.kind !== 'value') return [];
      const { id, doc, value } = instance;
      const found = this.#inference.instanceType(spec, id);
      const [description, section] = docCells(doc);
      const condition = instance.if === undefined ? [] : [[text('if '), expression(instance.if)]];
      const type = found === undefined ? [] : [valueType(found.type, spec)];
      return [
        {
          anchor: memberAnchor(spec, id),
          cells: [
            nameCell(id, doc),
            cell(lines([...type, ...condition])),
            cell([expression(value)]),
            description,
            cell(instanceConstraints(program, instance, spec)),
            section,
          ],
        },
      ];
    });
  }

  #enumSection(spec: EnumSpec): Section {
    const rows = spec.values.map((value): Row => {
      const [description, section] = docCells(value.doc);
      return {
        anchor: enumValueAnchor(spec, value.id),
        cells: [cell([code(value.text)]), nameCell(value.id, value.doc), description, section],
      };
    });
    const table = compactTable(ENUM_VALUES, rows);
    return {
      anchor: enumAnchor(spec),
      level: 2,
      heading: [text('Enum '), code(spec.path.slice(1).join('::'))],
      blocks: [],
      ...(table === undefined ? {} : { table }),
    };
  }

  /** Links to the types and enums of a page that has some. */
  contents(root: ClassSpec): Inline[][] {
    const types = nestedTypes(root);
    const enums = [root, ...types].flatMap((spec) => [...spec.enums.values()]);
    return [
      ...(types.length === 0
        ? []
        : [
            [
              text('Types: '),
              ...joined(
                types.map((spec) => [typeLink(spec, root)]),
                ', ',
              ),
            ],
          ]),
      ...(enums.length === 0
        ? []
        : [
            [
              text('Enums: '),
              ...joined(
                enums.map((spec) => [enumLink(spec, root)]),
                ', ',
              ),
            ],
          ]),
    ];
  }
}

function nestedTypes(spec: ClassSpec): ClassSpec[] {
  return [...spec.types.values()].flatMap((each) => [each, ...nestedTypes(each)]);
}

function usesOf({ program }: Inference): Uses {
  const uses = new Map<ClassSpec, { readonly owner: ClassSpec; readonly id: string }[]>();
  const members = (owner: ClassSpec): { readonly attr: AttrSpec; readonly id: string }[] => [
    ...owner.seq.map((attr, index) => ({ attr, id: attrId(attr, index) })),
    ...owner.instances.flatMap((each) => (each.kind === 'parse' ? [{ attr: each.attr, id: each.id }] : [])),
  ];
  for (const owner of program.classes) {
    for (const { attr, id } of members(owner)) {
      for (const used of new Set(usedTypes(program, attr, owner))) {
        const known = uses.get(used) ?? [];
        known.push({ owner, id });
        uses.set(used, known);
      }
    }
  }
  return uses;
}

function sizeInWords(size: Sum | undefined): Inline[] {
  if (size === undefined) return [text('varies')];
  return isConstant(size)
    ? [text(`${sumText(size)} ${size.constant === 1n ? 'byte' : 'bytes'}`)]
    : [code(sumText(size)), text(' bytes')];
}

function endianWords({ on, cases }: Extract<ClassSpec['meta']['endian'], object>): Inline[] {
  const arms = cases.map(({ match, value }): Inline[] => [
    ...(match === undefined ? [text('otherwise')] : [expression(match)]),
    text(` ${value}`),
  ]);
  return [expression(on), text(': '), ...joined(arms, ', ')];
}

/** From here on a number is easier to find in hexadecimal. */
const MIN_HEX = 10n;

function offsetWords(sum: Sum): Inline[] {
  if (!isConstant(sum)) return [code(sumText(sum))];
  const isLong = sum.constant >= MIN_HEX;
  return [text(sumText(sum)), ...(isLong ? [BREAK, note(hexOffset(sum.constant))] : [])];
}

function offsetCell({ position, bits }: FieldPlace): readonly Block[] {
  const offset = position.after === undefined ? offsetWords(position.plus) : afterWords(position.after, position);
  return cell([...offset, ...(bits === undefined ? [] : [BREAK, text(bitsText(bits.first, bits.count))])]);
}

function afterWords(after: string, { plus }: FieldPlace['position']): Inline[] {
  const more = sumText(plus);
  return [
    text('after '),
    code(after),
    ...(more === '0' ? [] : [text(' + '), isConstant(plus) ? text(more) : code(more)]),
  ];
}

function placeSizeCell({ attr, size, bits }: FieldPlace): readonly Block[] {
  if (bits !== undefined) return cell([text(`${bits.count} ${bits.count === 1 ? 'bit' : 'bits'}`)]);
  return sizeCell(size, attr);
}

function sizeCell(size: Sum | undefined, attr: AttrSpec): readonly Block[] {
  if (size !== undefined && isConstant(size)) return cell([text(sumText(size))]);
  // A size that the schema gives stays in its words.
  if (size !== undefined && (attr.size === undefined || attr.repeat !== undefined)) return cell([code(sumText(size))]);
  if (attr.size !== undefined)
    return cell([expression(attr.size), ...(attr.repeat === undefined ? [] : [text(' each')])]);
  if (attr.type.kind === 'bits') return cell([text(`${attr.type.bits} bits`)]);
  return cell([text(openEnd(attr))]);
}

function nameCell(id: string, { origId }: DocSpec): readonly Block[] {
  return cell([code(id), ...(origId === undefined ? [] : [BREAK, note(origId)])]);
}

function docCells({ summary, refs }: DocSpec): [description: readonly Block[], section: readonly Block[]] {
  return [summary === undefined ? [] : proseBlocks(summary), cell(lines(refs.map(reference)))];
}
