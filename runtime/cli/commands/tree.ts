/** `vhdx tree`: prints the structures of an image, or one of them. */
import { InvalidArgumentError } from 'commander';
import { checkImage, type Finding, imageTree, type TreeNode } from '../../index.js';
import { ExitCode } from '../exit-codes.js';
import { faultLine, reportFailure } from '../error-report.js';
import { joined, json as jsonOf, NOTHING, shown } from '../harmless.js';
import { nodeJson } from './tree-json.js';
import { runLocateFile } from './locate.js';
import type { Output } from '../output.js';
import { shownName } from '../sources/image-name.js';
import { openSource, type SourceCommandOptions } from '../sources/open-source.js';
import { parseSize } from '../size.js';
import { markLine, nodeLines } from './tree-text.js';

export interface TreeCommandOptions extends SourceCommandOptions {
  readonly json?: true;
  /** Of BAT entries those with storage in use. */
  readonly allocated?: true;
}

/** The findings of a check, taken out one by one as what they are about is printed. */
class Marks {
  readonly #byPath = new Map<string, Finding[]>();

  constructor(findings: readonly Finding[]) {
    for (const found of findings) this.#byPath.set(found.path, [...(this.#byPath.get(found.path) ?? []), found]);
  }

  /** The findings on a node, of a range of BAT entries those on its entries. */
  take({ path, kind }: TreeNode): readonly Finding[] {
    const [, first, last = first] = /^bat\[(\d+)(?:\.\.(\d+))?\]$/.exec(path) ?? [];
    const paths = kind === 'range' ? this.#entries(Number(first), Number(last)) : [path];
    return paths.flatMap((each) => {
      const found = this.#byPath.get(each) ?? [];
      this.#byPath.delete(each);
      return found;
    });
  }

  /** What nothing was printed for. */
  rest(): readonly Finding[] {
    return [...this.#byPath.values()].flat();
  }

  #entries(first: number, last: number): string[] {
    return [...this.#byPath.keys()].filter((path) => {
      const index = Number(/^bat\[(\d+)\]/.exec(path)?.[1] ?? Number.NaN);
      return first <= index && index <= last;
    });
  }
}

/** Whether a finding on `path` is about what is asked for; of `bat[100..200]` those on these entries. */
function isWanted(path: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  const [, first, last] = /^bat\[(\d+)\.\.(\d+)\]$/.exec(wanted) ?? [];
  if (first !== undefined) {
    const index = Number(/^bat\[(\d+)\]/.exec(path)?.[1] ?? Number.NaN);
    return Number(first) <= index && index <= Number(last);
  }
  return path.startsWith(wanted) && /^(?:$|[.[])/.test(path.slice(wanted.length));
}

/** Prints the nodes as they come; returns how many there were. */
async function printNodes(
  nodes: AsyncIterable<TreeNode>,
  { marks, wanted, json, output }: { marks: Marks; wanted: string | undefined; json: boolean; output: Output },
): Promise<number> {
  let count = 0;
  for await (const node of nodes) {
    if (output.isClosed()) break;
    const whole = node.path === wanted;
    const findings = marks.take(node);
    if (json) await output.send(shown`${count === 0 ? NOTHING : shown`,\n`}${jsonOf(nodeJson(node, findings, whole))}`);
    else {
      const gap = node.kind === 'structure' && count > 0 ? shown`\n` : NOTHING;
      const marked = findings.map((found) => markLine(found, output.paint));
      await output.send(joined([gap, ...nodeLines(node, whole, output.paint), ...marked]));
    }
    count += 1;
  }
  return count;
}

/** `vhdx tree IMAGE @0x20008`: what the byte at this offset of the file belongs to. */
async function runTreeAt(
  image: string,
  offset: string,
  options: TreeCommandOptions,
  output: Output,
): Promise<ExitCode> {
  try {
    return await runLocateFile(image, parseSize(offset), options, output);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    output.error(`what follows the @ is no offset of the file: ${offset}. ${error.message}`);
    return ExitCode.COULD_NOT_RUN;
  }
}

/** `vhdx tree`: 0 if there was something to show, whatever is wrong with it; 63 for a file that is no VHDX. */
export async function runTree(
  image: string,
  path: string | undefined,
  options: TreeCommandOptions,
  output: Output,
): Promise<ExitCode> {
  if (path?.startsWith('@') === true) return runTreeAt(image, path.slice(1), options, output);
  try {
    const source = await openSource(image, options);
    try {
      const { verdict, findings } = await checkImage(source);
      const [first] = findings;
      if (verdict === 'not-vhdx' && first !== undefined) {
        output.error(faultLine(shownName(image), first));
        return ExitCode.NOT_VHDX;
      }
      const marks = new Marks(findings.filter((found) => isWanted(found.path, path)));
      const json = options.json === true;
      if (json) output.write(shown`[\n`);
      const { allocated } = options;
      const count = await printNodes(imageTree(source, { path, allocated }), { marks, wanted: path, json, output });
      if (json) output.write(count === 0 ? shown`]\n` : shown`\n]\n`);
      else if (marks.rest().length > 0) {
        output.write(shown`${count === 0 ? NOTHING : shown`\n`}Findings on what is not listed:\n`);
        for (const found of marks.rest()) output.write(markLine(found, output.paint));
      }
      if (count > 0) return ExitCode.CLEAN;
      output.error(
        `${shownName(image)}: there is no ${path ?? 'structure'}; vhdx tree without a path shows what there is`,
      );
      return ExitCode.COULD_NOT_RUN;
    } finally {
      await source.close();
    }
  } catch (error) {
    return reportFailure(error, image, output);
  }
}
