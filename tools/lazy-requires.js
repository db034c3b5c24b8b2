/**
 * Plugin of rolldown for output as CommonJS: what a file requires at its top is loaded when it is first used. That is
 * right where loading a module only defines what it exports, and pays because a run uses few of the modules that it could.
 */

/** What is written for an import of another file or of Node: a line of its own. */
const REQUIRE = /^(?:const|let) (\w+) = require\(("[^"\n]+")\);$/gm;

/** `code` without the requirement in `line`: the first use of `name` loads it. */
function madeLazy(code, [line, name, required]) {
  // What a default import needs; for named ones it copies all exports in vain.
  const conversion = new RegExp(`^${name} = .*__toESM\\(${name}\\);\\n`, 'm');
  const [before, after] = code
    .replace(conversion, '')
    .split(line)
    .map((part) => part.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `(${name}())`));
  return `${before}let ${name}$loaded, ${name} = () => ${name}$loaded ??= require(${required});${after}`;
}

/** `canWait(file, required)`: whether `file` can load what is `required` when it is used; all can if it is left out. */
export const lazyRequires = (canWait = () => true) => ({
  name: 'lazy-requires',
  renderChunk(code, { name: file }) {
    const requirements = [...code.matchAll(REQUIRE)].filter(
      ([, name, required]) => canWait(file, JSON.parse(required)) && !code.includes(`${name}.default`),
    );
    return { code: requirements.reduce(madeLazy, code) };
  },
});
