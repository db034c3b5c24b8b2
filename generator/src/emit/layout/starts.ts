/** Which structures know where they begin, and what they are read from. */
import type { ClassSpec } from '../../spec/model.js';
import type { Program } from '../../types/program.js';
import { isLazy, type FixedLayout } from './layout.js';

/** Whether something in a type, of the layout by which it is read, counts from where it began. */
export function keepsStart(program: Program, spec: ClassSpec, layout: FixedLayout | undefined): boolean {
  const isChecked = spec.instances.some((instance) => instance.kind === 'value' && instance.valid !== undefined);
  if (isChecked || spec.seq.some((attr) => attr.checksum !== undefined)) return true;
  return layout !== undefined && layout.fields.some((field) => isLazy(program, field, spec));
}

/**
 * Whether a type keeps no stream: all that it has are numbers, and no expression asks for the stream. What it is read from,
 * which errors ask for, its parent tells.
 */
export function isReadWithin(program: Program, spec: ClassSpec, layout: FixedLayout | undefined): boolean {
  if (spec.outer === undefined || layout === undefined || keepsStart(program, spec, layout)) return false;
  return spec.instances.every((instance) => instance.kind === 'value');
}
