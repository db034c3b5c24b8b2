/** Plans of changes as text, line by line; the same for all commands that change an image at rest. */
import type { ChangePlan, PlanRefusal, PlanStep } from '../change.js';
import { type Harmless, shown, wrap } from './harmless.js';
import { exactSizeText } from './text.js';

/** What a plan is said with. */
export interface PlanTextOptions {
  readonly dryRun: boolean;
  /** What a plan without steps and refusals comes to; `nothing to do`, if left out. */
  readonly nothing?: string | undefined;
  /** What stands before each refusal. */
  readonly notDone?: string | undefined;
  /** Lines behind the steps; there can be a million of them. */
  readonly details?: Iterable<Harmless> | undefined;
}

/** The rule and the code that a step or a refusal is about, if there are such; the message is indented below then. */
function* linesOf(part: PlanStep | PlanRefusal, message: string, notDone: string): Generator<Harmless> {
  const rule = 'rule' in part ? `${String(part.rule)} ` : '';
  if (!('code' in part)) {
    yield* wrap(message, '  ');
    return;
  }
  yield shown`  ${notDone}${rule}${part.code}`;
  yield* wrap(message, '    ');
}

function headOf({ operation, steps, refusals }: ChangePlan, nothing: string, notDone: string): string {
  if (steps.length > 0) return `to ${operation}:`;
  return refusals.length > 0 && notDone === '' ? `refused to ${operation}` : nothing;
}

/** The lines of a plan, without their ends. */
export function* planLines(image: string, plan: ChangePlan, options: PlanTextOptions): Generator<Harmless> {
  const { steps, refusals, notices, bytes, fileSize, newFileSize } = plan;
  const { dryRun, nothing = 'nothing to do', notDone = '', details = [] } = options;
  yield shown`${image}: ${headOf(plan, nothing, notDone)}`;
  for (const step of steps) yield* linesOf(step, step.message, '');
  yield* details;
  for (const refusal of refusals) {
    const { message, remedy } = refusal;
    yield* linesOf(refusal, remedy === '' ? message : `${message} ${remedy}`, notDone);
  }
  const isRefused = steps.length === 0 && refusals.length > 0;
  if (!isRefused) for (const notice of notices) yield* wrap(`Note: ${notice}`, '  ');
  if (bytes + Math.abs(newFileSize - fileSize) > 0) {
    const grown = newFileSize === fileSize ? '' : `, file ${exactSizeText(fileSize)} → ${exactSizeText(newFileSize)}`;
    yield shown`  bytes to write: ${exactSizeText(bytes)}${grown}`;
  }
  if (dryRun) yield shown`  nothing has been written`;
}
