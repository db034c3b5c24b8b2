/** How the modules of an output find each other: what their imports name. */
import type { ClassSpec, EnumSpec } from '../../spec/model.js';
import { supportModule } from '../../support-modules.js';
import { moduleSpecifier } from '../code/text.js';
import { moduleName } from './names.js';

export interface Linking {
  /** The support module that exports `name`. */
  support(name: string): string;
  /** The module of another schema, by its top type. */
  schema(top: ClassSpec): string;
  /** The user's own module at `path`, which has no extension. */
  external(path: string): string;
  /** What the module of another schema calls a class or an enum, where that may differ from what it is called here. */
  exported?(spec: ClassSpec | EnumSpec): string;
}

/** Files of one folder, with the support modules in a folder below it. */
export const BESIDE_EACH_OTHER: Linking = {
  support: (name) => supportModule(name),
  schema: (top) => moduleSpecifier(moduleName(top)),
  external: moduleSpecifier,
};
