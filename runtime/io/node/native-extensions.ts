/** What Node lacks, from an optional dependency that is loaded when it is first needed. */
import { createRequire } from 'node:module';

/** The functions of `fs-native-extensions` that are used here. */
export interface NativeExtensions {
  /** Locks bytes of an open file; false if another program has a lock in the way. @throws what the system says */
  readonly tryLock: (file: number, first: number, count: number, options: { readonly shared: boolean }) => boolean;
  /** Makes a hole of bytes of an open file. */
  readonly trim: (file: number, position: number, length: number) => Promise<void>;
  /** Marks an open file as one that may have holes, which only Windows wants. */
  readonly sparse: (file: number) => Promise<void>;
}

let loaded: NativeExtensions | false | undefined;

/** The functions; `undefined` if they are not installed, or not made for this system. */
export function nativeExtensions(): NativeExtensions | undefined {
  loaded ??= load();
  return loaded === false ? undefined : loaded;
}

function load(): NativeExtensions | false {
  try {
    const module: unknown = createRequire(import.meta.url)('fs-native-extensions');
    return areExtensions(module) ? module : false;
  } catch {
    return false;
  }
}

function areExtensions(value: unknown): value is NativeExtensions {
  if (typeof value !== 'object' || value === null) return false;
  return (['tryLock', 'trim', 'sparse'] as const).every((name) => typeof Reflect.get(value, name) === 'function');
}
