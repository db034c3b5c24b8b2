/** What users of qemu-img type is understood, or they are told what to type instead. */
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { damagedHeaders, FIXTURE, temporaryDirectory } from './images.js';
import { vhdx } from './vhdx.js';

const cwd = temporaryDirectory();

beforeAll(() => {
  copyFileSync(FIXTURE, join(cwd, 'a.vhdx'));
  writeFileSync(join(cwd, 'damaged.vhdx'), damagedHeaders(0));
});

async function run(command: string): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  return vhdx(command.split(' '), { cwd });
}

describe('understood', () => {
  test.each([
    ['info --output=json a.vhdx', 'info --json a.vhdx'],
    ['info --output json -f vhdx a.vhdx', 'info --json a.vhdx'],
    ['info --output=human a.vhdx', 'info a.vhdx'],
    ['map --output=json -f vhdx a.vhdx', 'map --json a.vhdx'],
    ['check --output=json -f vhdx a.vhdx', 'check --format json a.vhdx'],
    ['check --output=human a.vhdx', 'check a.vhdx'],
    ['check --json a.vhdx', 'check --format json a.vhdx'],
  ])('vhdx %s → as vhdx %s', async (habit, ours) => {
    const [one, other] = [await run(habit), await run(ours)];
    expect(one).toEqual(other);
    expect(one.exitCode).toBe(0);
  });

  test('check -r all → repaired', async () => {
    expect((await run('check damaged.vhdx')).exitCode).toBe(3);
    expect((await run('check -f vhdx -r all damaged.vhdx')).exitCode).toBe(0);
  });

  test('convert -p -f vhdx -O raw, and back → converted', async () => {
    expect(await run('convert -p -f vhdx -O raw a.vhdx a.img')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await run('convert -f raw -O vhdx a.img b.disk')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readFileSync(join(cwd, 'b.disk')).toString('latin1', 0, 8)).toBe('vhdxfile');
    expect((await run('compare a.vhdx b.disk')).exitCode).toBe(0);
  });

  test.each(['create c1.vhdx 10G', 'create -f vhdx c2.vhdx 10GB', 'create c3.vhdx 10GiB --size 10G'])(
    'vhdx %s → a disk of 10 GiB',
    async (command) => {
      const { stdout, stderr } = await run(command);
      expect(stderr).toBe('');
      expect(stdout).toMatch(/: created, dynamic, 10 GiB \(10737418240 bytes\)\n$/);
    },
  );
});

describe('told', () => {
  test.each([
    ['create c.vhdx 10G --size 5G', /SIZE is 10737418240 bytes, but --size is 5368709120 \(see vhdx create --help\)/],
    ['create -o subformat=fixed c.vhdx 1G', /--type, --block-size and --log-size .*\(see vhdx create --help\)/],
    ['create -b a.vhdx c.vhdx', /--parent names the parent/],
    ['convert -c a.vhdx b.raw', /no compression/],
    ['convert -t none a.vhdx b.raw', /--sync/],
    ['compare -f raw a.vhdx a.vhdx', /recognised by their contents/],
    ['info -U a.vhdx', /needs no lock/],
    ['info --backing-chain a.vhdx', /map --chain/],
    ['check -r leaks a.vhdx', /Allowed choices are all/],
    ['check -f qcow2 a.vhdx', /Allowed choices are vhdx/],
    ['tree --output=json a.vhdx', /--json/],
  ])('vhdx %s → a hint', async (command, hint) => {
    const { exitCode, stdout, stderr } = await run(command);
    expect({ exitCode, stdout }).toEqual({ exitCode: command.startsWith('compare') ? 2 : 1, stdout: '' });
    expect(stderr).toMatch(hint);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(statSync(join(cwd, 'c.vhdx'), { throwIfNoEntry: false })).toBeUndefined();
  });

  test('help → lists none of it', async () => {
    for (const command of ['info', 'check', 'map', 'create']) {
      expect((await run(`${command} --help`)).stdout).not.toMatch(/ -[frUp],? |--output(?! <file>)/);
    }
  });
});
