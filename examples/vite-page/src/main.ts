import { ReadError } from 'ksy-ts/runtime';
import { Png, Png_ColourType, Png_ImageHeader, Png_PhysicalSize, Png_Text, type Png_Chunk } from './png.ksy';

function element<T extends Element>(selector: string, type: new () => T): T {
  const found = document.querySelector(selector);
  if (!(found instanceof type)) throw new TypeError(`the page has no ${selector}`);
  return found;
}

const input = element('input', HTMLInputElement);
const drop = element('#drop', HTMLElement);
const problem = element('#problem', HTMLElement);
const table = element('table', HTMLTableElement);
const rows = element('tbody', HTMLElement);

const COLOUR_TYPES = new Map<number, string>(
  Object.entries(Png_ColourType).map(([name, value]) => [value, name.toLowerCase().replace('_', ' and ')]),
);

/** What a chunk says; `body` is one of the classes of the schema, or bytes. */
function contentsOf({ body }: Png_Chunk): string {
  if (body instanceof Png_ImageHeader)
    return `${body.width} × ${body.height} pixels, ${body.bitDepth} bits, ${COLOUR_TYPES.get(body.colourType) ?? ''}`;
  if (body instanceof Png_PhysicalSize)
    return `${body.pixelsPerUnitX} × ${body.pixelsPerUnitY} pixels per ${body.unit === 1 ? 'metre' : 'unit'}`;
  if (body instanceof Png_Text) return `${body.keyword}: ${body.value}`;
  return '';
}

async function show(file: File): Promise<void> {
  rows.replaceChildren();
  problem.textContent = '';
  try {
    const { chunks } = Png.fromBytes(new Uint8Array(await file.arrayBuffer()));
    let offset = 8;
    for (const chunk of chunks) {
      const row = document.createElement('tr');
      for (const text of [`0x${offset.toString(16)}`, chunk.type, String(chunk.lenBody), contentsOf(chunk)])
        row.append(Object.assign(document.createElement('td'), { textContent: text }));
      rows.append(row);
      offset += 12 + chunk.lenBody;
    }
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    problem.textContent = `${file.name}: ${error.message}`;
  }
  table.hidden = rows.childElementCount === 0;
}

async function showFirst(files: FileList | null | undefined): Promise<void> {
  const file = files?.item(0);
  if (file) await show(file);
}

input.addEventListener('change', () => showFirst(input.files));
drop.addEventListener('dragover', (event) => event.preventDefault());
drop.addEventListener('drop', async (event) => {
  event.preventDefault();
  await showFirst(event.dataTransfer?.files);
});
