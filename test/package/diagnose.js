/**
 * Type-checks projects with one version of TypeScript, in a process of its own: `node diagnose.js COMPILER SETTINGS`.
 * SETTINGS is JSON: `[{ "files": ["a.ts"], "options": {…} }]`. Prints JSON: the errors of each.
 *
 * Libraries of TypeScript and of Node are parsed once, and what is wrong within them is not looked for: that takes most
 * of the time, and is nobody's fault here. All else is checked, declarations of packages included.
 */
import { createRequire } from 'node:module';

const [, , compiler = '', settings = '[]'] = process.argv;
const ts = createRequire(import.meta.url)(compiler);
const parsed = new Map();

function errorsOf({ files, options }) {
  const parse = ts.parseJsonConfigFileContent({ compilerOptions: options, files }, ts.sys, process.cwd());
  const host = ts.createCompilerHost(parse.options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, languageVersionOrOptions, ...rest) => {
    if (!isLibrary(name)) return getSourceFile(name, languageVersionOrOptions, ...rest);
    // What a file is parsed into depends on how its package is resolved.
    const key = JSON.stringify([name, languageVersionOrOptions]);
    const known = parsed.get(key) ?? getSourceFile(name, languageVersionOrOptions, ...rest);
    parsed.set(key, known);
    return known;
  };
  const program = ts.createProgram(parse.fileNames, parse.options, host);
  const found = [
    ...parse.errors,
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...program.getSourceFiles().flatMap((file) => {
      if (isLibrary(file.fileName)) return [];
      const declared =
        options.declaration === true && !file.isDeclarationFile ? program.getDeclarationDiagnostics(file) : [];
      return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file), ...declared];
    }),
  ];
  return found.map(({ file, start, code, messageText }) => {
    const place =
      file === undefined ? '' : `${file.fileName}:${ts.getLineAndCharacterOfPosition(file, start).line + 1}: `;
    return `${place}TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

function isLibrary(name) {
  return /\/typescript[^/]*\/lib\/|\/node_modules\/(?:@types\/node|undici-types)\//.test(name);
}

process.stdout.write(JSON.stringify(JSON.parse(settings).map(errorsOf)));
