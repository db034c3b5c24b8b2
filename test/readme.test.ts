/** What the READMEs show is what happens. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const blocks = (file: string, language: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match[1] ?? '',
  );

// Within the project, so that packages and the project's own name are found.
const cache = join(root, 'dist');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'readme-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(name: string, code: string, cwd = root): { stdout: string; stderr: string; status: number | null } {
  const path = join(folder, name);
  writeFileSync(path, code);
  return spawnSync(process.execPath, [path], { cwd, encoding: 'utf8' });
}

describe('README.md', () => {
  test('commands → print what is shown', () => {
    const shown = blocks('README.md', 'console').join('');
    const transcripts = [...shown.matchAll(/^\$ (?:npm ci && )?npx --no -- vhdx (.*)\n((?:(?!\$ ).*\n)*)/gm)];
    expect(transcripts.length).toBeGreaterThan(0);
    for (const [, command = '', output = ''] of transcripts) {
      const { stdout } = spawnSync(
        process.execPath,
        [join(root, 'dist/runtime/command/main.cjs'), ...command.split(' ')],
        {
          cwd: root,
          encoding: 'utf8',
          env: { ...process.env, NO_COLOR: '1' },
        },
      );
      // An ellipsis stands for the rest.
      const [beginning = ''] = output.split('…\n');
      // How many infos there are depends on whether the checkout left holes in the file (A9).
      const counted = (text: string): string => text.replace(/, \d+ infos?\)/, ', infos)');
      expect(counted(stdout).startsWith(counted(beginning)), `$ vhdx ${command}\n${stdout}`).toBe(true);
    }
  });

  test('library → reads the shipped image', () => {
    const [code = ''] = blocks('README.md', 'ts');
    const { stdout, stderr } = run('library.mjs', code);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^dynamic 67108864 clean 65\n$/);
  });

  test('writing → the shipped image, written', () => {
    const code = blocks('README.md', 'ts').find((block) => block.includes('openWritableDisk')) ?? '';
    const prelude = `import { copyFileSync } from 'node:fs';\nconst path = '${join(folder, 'written.vhdx')}';\ncopyFileSync('test/fixtures/dynamic-64m.vhdx', path);\n`;
    const epilogue = `
import { openDisk } from 'vhdx';
import { openFile } from 'vhdx/node';
const again = await openDisk(await openFile(path));
const bytes = new Uint8Array(12288);
await again.read(bytes, 0);
await again.close();
console.log(again.image.log.state, bytes.subarray(0, 4096).some((byte) => byte !== 0), bytes.subarray(8192).every((byte) => byte === 1));
`;
    const { stdout, stderr } = run('writing.mjs', prelude + code + epilogue);
    expect(stderr).toBe('');
    expect(stdout).toBe('clean false true\n');
  });

  test('making → images that open', () => {
    const code = blocks('README.md', 'ts').find((block) => block.includes('createVhdx')) ?? '';
    const prelude = `const path = '${join(folder, 'made.vhdx')}';\n`;
    const epilogue = `
import { openFile } from 'vhdx/node';
const again = await openDisk(await openFile(path));
console.log(again.size, again.image.disk.type, again.image.bat.fileOffset);
`;
    const { stdout, stderr } = run('making.mjs', prelude + code + epilogue);
    expect(stderr).toBe('');
    expect(stdout).toBe('1073741824 dynamic 3145728\n');
  });

  test('reading over HTTP → the shipped image from a server with ranges', () => {
    const code = blocks('README.md', 'ts').find((block) => block.includes('openUrl')) ?? '';
    const prelude = `import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
const image = readFileSync('test/fixtures/dynamic-64m.vhdx');
const server = createServer((request, response) => {
  const [, first, last] = /^bytes=(\\d+)-(\\d+)$/.exec(request.headers.range).map(Number);
  const part = image.subarray(first, last + 1);
  response.writeHead(206, { etag: '"1"', 'content-range': \`bytes \${first}-\${first + part.length - 1}/\${image.length}\` });
  response.end(part);
}).listen(0, '127.0.0.1').unref();
await once(server, 'listening');
const url = \`http://127.0.0.1:\${server.address().port}/\`;
`;
    const { stdout, stderr } = run('reading.mjs', `${prelude}${code}\nserver.close();server.closeAllConnections();`);
    expect(stderr).toBe('');
    // 0x100000, 0x2700000, 0x2800000, … as `vhdx map` shows them above.
    expect(stdout).toBe(
      'data 0 1048576\nzero 1048576 40894464\ndata 41943040 1048576\nzero 42991616 24117248\n1 65536\n',
    );
  });

  test('structures → read, report, write', () => {
    const code = blocks('README.md', 'ts').find((block) => block.includes('VhdxHeader')) ?? '';
    const prelude = `import { readFileSync } from 'node:fs';\nconst bytes = Uint8Array.from(readFileSync('test/fixtures/dynamic-64m.vhdx').subarray(65536, 69632));\n`;
    const { stdout, stderr } = run(
      'structures.mjs',
      prelude + code + '\nconsole.log(VhdxHeader.fromBytes(bytes).verifyChecksum());',
    );
    expect(stderr).toBe('');
    expect(stdout).toBe('true\n');
  });
});

test('docs/salvage.md → the shipped image without its last block', () => {
  const [code = ''] = blocks('docs/salvage.md', 'ts');
  const path = join(folder, 'cut.vhdx');
  writeFileSync(path, readFileSync(join(root, 'test/fixtures/dynamic-64m.vhdx')).subarray(0, 9 * 1024 * 1024 + 1));
  const { stdout, stderr } = run('salvage.mjs', `const path = '${path}';\n${code}`);
  expect(stderr).toBe('');
  expect(stdout).toBe('67108864 []\n41943041 1048575 VHDX_BAT_BLOCK_BEYOND_END\n');
});

describe('generator/README.md', () => {
  const [schema = ''] = blocks('generator/README.md', 'yaml');
  const [reader = '', writer = ''] = blocks('generator/README.md', 'ts');

  test('schema, reader, writer → as described', () => {
    writeFileSync(join(folder, 'point.ksy'), schema);
    const cli = join(root, 'generator/dist/cli.js');
    const { status, stderr } = spawnSync(
      process.execPath,
      [cli, '--outdir', join(folder, 'source'), join(folder, 'point.ksy')],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const config = {
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: { composite: false, lib: ['es2023', 'dom'], rootDir: 'source', outDir: 'formats' },
      include: ['source'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    expect(spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' }).stdout).toBe('');
    expect(run('reader.mjs', reader)).toMatchObject({
      stderr: '',
      stdout: "true\n[ 'a' ] false\nmagic at 0x0: must be [50 4e 54], found [00 4e 54]\n",
    });
    const written = run('writer.mjs', writer);
    expect(written.stderr).toBe('');
    expect(written.stdout).toMatch(/^18\nid: must be an unsigned integer of 64 bits, is -1\n$/);
  });
});
