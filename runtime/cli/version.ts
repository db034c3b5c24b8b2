/** The version of the package. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import { type Harmless, shown } from './harmless.js';
import { readVersion, versionIn } from './manifest.js';

/** The version of a package that need not be installed; it is not loaded. */
function installedVersion(name: string): string {
  try {
    let folder = dirname(createRequire(import.meta.url).resolve(name));
    while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
    return versionIn(join(folder, 'package.json'));
  } catch {
    return 'not installed';
  }
}

/** What a report of a bug should say: the version alone on the first line, then what it runs on. */
export function versionText(): Harmless {
  const { version, platform, arch } = process;
  return shown`${readVersion()}
Node.js ${version.replace(/^v/, '')}, ${platform} ${release()}, ${arch}
@node-rs/crc32 ${installedVersion('@node-rs/crc32')} (fast checksums)
fs-native-extensions ${installedVersion('fs-native-extensions')} (locks that QEMU respects; holes)
`;
}
