import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

function read(path: string): Record<string, unknown> {
  const text = readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
  return JSON.parse(text) as Record<string, unknown>;
}

/** What is wrong with a value; empty if nothing is. */
export type Validate = (value: unknown) => readonly string[];

function validator(ajv: Ajv | Ajv2020, schema: Record<string, unknown>): Validate {
  const validate = ajv.compile(schema);
  return (value) =>
    validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

/** The schema of `check --format json` that the package ships. */
export function reportSchema(): Validate {
  return validator(new Ajv2020({ strictTypes: false }), read('runtime/report.schema.json'));
}

/** SARIF 2.1.0. Its schema is of draft 4, of which it uses what the later ones have too. */
export function sarifSchema(): Validate {
  const { $schema: _draft, id: _id, ...schema } = read('test/fixtures/sarif-2.1.0.schema.json');
  return validator(new Ajv({ strict: false, unicodeRegExp: false, validateFormats: false }), schema);
}

/** The schema of the configuration that the package ships. */
export function configSchema(): Validate {
  return validator(new Ajv2020({ strictTypes: false }), read('runtime/config.schema.json'));
}

/** Schemas of draft 7 of other projects, with what their authors have written for editors. */
function foreignSchema(file: string): Validate {
  const { $schema: _draft, $id: _id, ...schema } = read(`test/fixtures/schemas/${file}`);
  return validator(new Ajv({ strict: false, validateFormats: false }), schema);
}

/** action.yml of GitHub. */
export function actionSchema(): Validate {
  return foreignSchema('github-action.json');
}

/** Workflows of GitHub. */
export function workflowSchema(): Validate {
  return foreignSchema('github-workflow.json');
}

/** .gitlab-ci.yml. */
export function gitlabSchema(): Validate {
  return foreignSchema('gitlab-ci.json');
}

/** A Job of Kubernetes, batch/v1. */
export function kubernetesJobSchema(): Validate {
  const schema = read('test/fixtures/schemas/kubernetes-job.json');
  return validator(new Ajv2020({ strict: false, validateFormats: false }), schema);
}

/** A request to AWS Batch. */
export function batchSchema(request: 'RegisterJobDefinitionRequest' | 'SubmitJobRequest'): Validate {
  const schema = { ...read('test/fixtures/schemas/aws-batch.json'), $ref: `#/$defs/${request}` };
  return validator(new Ajv2020({ strict: false }), schema);
}
