/** One of the two states of the schemas that are compared. */
import type { Analysis } from '../analyse.js';
import { Names } from '../emit/context/names.js';
import type { Program } from '../types/program.js';
import type { Inference } from '../types/infer.js';
import type { ClassSpec } from '../spec/model.js';
import type { Member } from './member.js';

export class Side {
  readonly label: 'old' | 'new';
  readonly inference: Inference;
  readonly names: Names;

  constructor(label: 'old' | 'new', { inference }: Pick<Analysis, 'inference'>) {
    this.label = label;
    this.inference = inference;
    this.names = new Names(inference.program);
  }

  get program(): Program {
    return this.inference.program;
  }

  /** `Png_Chunk` */
  className(spec: ClassSpec): string {
    return this.names.class(spec);
  }

  /** `Png_Chunk.len` */
  memberName({ owner, id }: Pick<Member, 'owner' | 'id'>): string {
    return `${this.names.class(owner)}.${this.names.member(owner, id)}`;
  }
}
