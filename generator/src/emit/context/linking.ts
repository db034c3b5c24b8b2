/** How the modules of an output find each other: what the imports of one module name. */
import type { ClassSpec } from '../../spec/model.js';
import { supportModule } from '../../support-modules.js';
import { topType } from '../../types/program.js';
import { moduleSpecifier } from '../code/text.js';
import { moduleName, schemaModuleName, type Names } from './names.js';

/** What a schema becomes: classes and enums, and what it says of them. */
export type Part = 'classes' | 'schemas';

export interface Linking {
  /** The support module that exports `name`. */
  support(name: string): string;
  /** The module with a part of what the schema with the type `top` becomes; undefined where it is this one. */
  schema(top: ClassSpec, part: Part): string | undefined;
  /** The user's own module at `path`, which has no extension. */
  external(path: string): string;
  /** What the module of a schema calls its own, where that may differ from what it is called here. */
  namesOf?(top: ClassSpec): Names;
}

/** Of the module with a part of the schema with the type `own`, among files of one folder and support modules below it. */
export function besideEachOther(own: ClassSpec, ownPart: Part): Linking {
  return {
    support: (name) => supportModule(name),
    schema(top, part) {
      if (top === topType(own) && part === ownPart) return undefined;
      return moduleSpecifier(part === 'classes' ? moduleName(top) : schemaModuleName(top));
    },
    external: moduleSpecifier,
  };
}
