import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../interop/peers.js';
import { vhdx } from '../cli/vhdx.js';
import { type Damage, KNOWN_DAMAGES, MORE_DAMAGES } from './damages.js';

const IMAGE = 'disk.vhdx';

/** The programs that are compared, as they call themselves. */
export function versions(cwd: string): string {
  const first = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? 'unknown';
  const qemuVersion = first(ask('qemu-img', ['--version'], cwd).stdout, /version (\S+)/);
  const vhdiVersion = first(ask('vhdiinfo', ['-V'], cwd).stdout, /vhdiinfo (\d+)/);
  const sevenZipVersion = first(ask('7zz', ['i'], cwd).stdout, /7-Zip \(z\) (\S+)/);
  return `qemu-img ${qemuVersion}, vhdiinfo ${vhdiVersion} and 7zz ${sevenZipVersion}`;
}

interface Said {
  readonly exitCode: number | null;
  readonly line: string;
}

/** The first line that says something of the image; programs begin with their names, or with empty lines. */
function firstLine(text: string, pattern: RegExp): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => pattern.test(line));
}

function qemu(cwd: string): Said {
  const { exitCode, stdout, stderr } = ask('qemu-img', ['check', IMAGE], cwd);
  const line = firstLine(stderr, /\S/) ?? firstLine(stdout, /\S/) ?? '';
  return { exitCode, line: line.replace(/^qemu-img: /, '') };
}

function vhdiinfo(cwd: string): Said {
  const { exitCode, stderr } = ask('vhdiinfo', [IMAGE], cwd);
  return { exitCode, line: firstLine(stderr, /\S/) ?? '(describes it)' };
}

function sevenZip(cwd: string): Said {
  const { exitCode, stdout, stderr } = ask('7zz', ['t', '-tVHDX', IMAGE], cwd);
  const text = `${stdout}\n${stderr}`;
  const lines = text.split('\n').map((line) => line.trim());
  const said = lines.findIndex((line) =>
    /^(?:Open ERROR|ERRORS?(?: =|:$)|WARNINGS?(?: =|:$)|Everything is Ok)/.test(line),
  );
  // A heading stands before what it is about.
  const next = lines.slice(said + 1).find((line) => line !== '' && line !== '{');
  return { exitCode, line: [lines[said], ...(/[:=]$/.test(lines[said] ?? '') ? [next] : [])].join(' ') };
}

async function own(cwd: string): Promise<Said> {
  const { exitCode, stdout, stderr } = await vhdx(['check', IMAGE], { cwd });
  const said = firstLine(stderr, /\S/)?.replace(/^vhdx: disk\.vhdx: /, '');
  return { exitCode, line: said ?? firstLine(stdout, /\S/)?.replace(/^disk\.vhdx: /, '') ?? '' };
}

function cell({ exitCode, line }: Said, cwd: string): string {
  const text = line
    .replaceAll(`${cwd}/`, '')
    .replaceAll('|', String.raw`\|`)
    .replaceAll('<', '&lt;');
  return `**${exitCode}** ${text}`;
}

async function row({ title, make }: Damage, cwd: string): Promise<string> {
  const path = join(cwd, IMAGE);
  writeFileSync(path, make().toBytes());
  const answers = [qemu(cwd), vhdiinfo(cwd), sevenZip(cwd), await own(cwd)];
  rmSync(path);
  return `| ${title} | ${answers.map((answer) => cell(answer, cwd)).join(' | ')} |`;
}

async function table(damages: readonly Damage[], cwd: string): Promise<string> {
  const rows: string[] = [];
  for (const damage of damages) rows.push(await row(damage, cwd));
  const head = '| damage | qemu-img check | vhdiinfo | 7zz t | vhdx check |\n| --- | --- | --- | --- | --- |';
  return `${head}\n${rows.join('\n')}\n`;
}

/** The page that shows what four programs say of the same damaged images. Needs the programs. */
export async function comparisonPage(cwd: string): Promise<string> {
  return `# Comparison of checkers

Exit code and first line of output of ${versions(cwd)}, and \`vhdx check\`, for the same
damaged images. Unless the damage says otherwise, an image is a dynamic disk of 16 MiB with two allocated blocks of 1 MiB,
built by \`test/docs/damages.ts\`. \`npm run docs\` regenerates this page where these versions are installed. vhdiinfo
describes images and does not judge them: its exit code 0 means that it could.

## Twelve images on which they disagree

${await table(KNOWN_DAMAGES, cwd)}
## More damaged images

${await table(MORE_DAMAGES, cwd)}`;
}
