import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { CODES, codes, explainRule, UNREPORTED_RULES } from '../../runtime/rules.js';
import { temporaryDirectory } from './images.js';
import { golden, session } from './transcript.js';
import { vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const PAGE = readFileSync(fileURLToPath(new URL('../../docs/findings.md', import.meta.url)), 'utf8');

interface Explained {
  readonly code: string;
  readonly exitCode: number;
  readonly meaning: string;
}

describe('vhdx explain', () => {
  test('codes and rules → meaning, severities, exit codes, what to do', async () => {
    const commands = [
      'vhdx explain VHDX_HEADER_CHECKSUM_MISMATCH',
      'vhdx explain c1',
      'vhdx explain target_full',
      'vhdx explain B24',
      'vhdx explain VHDX_LOG_PENDING --json',
    ];
    await expect(await session(commands, { cwd })).toMatchFileSnapshot(golden('explain'));
  });

  test('unknown names → the nearest, on standard error; what is known is explained; exit code 1', async () => {
    const commands = ['vhdx explain HEADER_CHEKSUM B2', 'vhdx explain B99', 'vhdx explain ##[error]x'];
    await expect(await session(commands, { cwd })).toMatchFileSnapshot(golden('explain-unknown'));
  });

  test('no name → every code, by group', async () => {
    const { exitCode, stdout, stderr } = await vhdx(['explain'], { cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const code of CODES) expect(stdout).toContain(code);
  });

  test('no name, --json → a list of all codes, with the exit codes of their severities', async () => {
    const { stdout } = await vhdx(['explain', '--json'], { cwd });
    const all = JSON.parse(stdout) as readonly Explained[];
    expect(all.map(({ code }) => code)).toEqual(CODES);
    const exitCodes = new Map(all.map(({ code, exitCode }) => [code, exitCode]));
    expect(exitCodes.get('VHDX_SIGNATURE_MISMATCH')).toBe(63);
    expect(exitCodes.get('VHDX_SOURCE_NOT_FOUND')).toBe(1);
    expect(exitCodes.get('VHDX_HEADER_NONE_VALID')).toBe(2);
    expect(exitCodes.get('VHDX_LOG_PENDING')).toBe(3);
    expect(exitCodes.get('VHDX_FREE_SPACE')).toBe(0);
  });

  test('several names, --json → a list', async () => {
    const { stdout } = await vhdx(['explain', 'VHDX_FREE_SPACE', 'B24', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject([{ code: 'VHDX_FREE_SPACE' }, { rule: 'B24', codes: [] }]);
  });

  test('every code and rule → explained; the page has an anchor and the same words', async () => {
    const rules = [...new Set(CODES.map((code) => codes[code].rule)), ...Object.keys(UNREPORTED_RULES)];
    expect(rules.filter((rule) => rule !== '' && explainRule(rule) === undefined)).toEqual([]);
    const { stdout } = await vhdx(['explain', '--json'], { cwd });
    const withoutEscapes = PAGE.replaceAll(/\\(.)/g, '$1');
    for (const { code, meaning } of JSON.parse(stdout) as readonly Explained[]) {
      expect(PAGE).toContain(`\n### ${code}\n`);
      expect(withoutEscapes, code).toContain(meaning);
    }
  });
});
