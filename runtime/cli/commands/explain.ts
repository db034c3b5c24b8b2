/** `vhdx explain`: prints what a code or rule means. */
import {
  CODES,
  type ExplainedCode,
  type ExplainedRule,
  explainCode,
  explainRule,
  isCode,
  nearestNames,
} from '../../rules.js';
import { exitCodeOfFinding } from '../error-report.js';
import { ExitCode } from '../exit-codes.js';
import { joined, json, shown } from '../harmless.js';
import { readHomepage } from '../manifest.js';
import type { Output } from '../output.js';
import { helpUri } from '../reports/help-uri.js';
import { catalogueText, codeText, ruleText } from './explain-text.js';

export interface ExplainCommandOptions {
  readonly json?: true;
}

type Explained = { readonly code: ExplainedCode } | { readonly rule: ExplainedRule };

/** The code or rule that is meant: in any case of letters, and of a code also without `VHDX_`. */
function find(name: string): Explained | undefined {
  const upper = name.toUpperCase();
  const code = [upper, `VHDX_${upper}`].find(isCode);
  if (code !== undefined) return { code: explainCode(code) };
  const rule = explainRule(upper);
  return rule === undefined ? undefined : { rule };
}

function codeJson(explained: ExplainedCode, homepage: string | undefined): object {
  const { code, severity, when, ...rest } = explained;
  const uri = helpUri(code, homepage);
  const otherwise = Object.entries(when).map(([other, words]) => ({ severity: other, when: words }));
  const exitCode = exitCodeOfFinding({ code, severity });
  return { code, severity, exitCode, otherwise, ...rest, ...(uri === undefined ? {} : { helpUri: uri }) };
}

function jsonOf(explained: Explained, homepage: string | undefined): object {
  if ('code' in explained) return codeJson(explained.code, homepage);
  const { codes, ...rest } = explained.rule;
  return { ...rest, codes: codes.map((code) => codeJson(explainCode(code), homepage)) };
}

/** `vhdx explain`: what codes and rules mean, from the catalogue in the package. */
export function runExplain(names: readonly string[], options: ExplainCommandOptions, output: Output): ExitCode {
  const homepage = readHomepage();
  if (names.length === 0) {
    const all = CODES.map((code) => codeJson(explainCode(code), homepage));
    output.write(options.json === true ? shown`${json(all, 2)}\n` : catalogueText(output.paint));
    return ExitCode.CLEAN;
  }
  const found: Explained[] = [];
  let exitCode: ExitCode = ExitCode.CLEAN;
  for (const name of names) {
    const explained = find(name);
    if (explained !== undefined) found.push(explained);
    else {
      const nearest = nearestNames(name);
      const guess = nearest.length === 0 ? '' : `; the nearest: ${nearest.join(', ')}`;
      output.error(`there is no code or rule ${name}${guess} (vhdx explain lists all)`);
      exitCode = ExitCode.COULD_NOT_RUN;
    }
  }
  if (found.length === 0) return exitCode;
  if (options.json === true) {
    const objects = found.map((each) => jsonOf(each, homepage));
    output.write(shown`${json(names.length === 1 ? objects[0] : objects, 2)}\n`);
  } else {
    const texts = found.map((each) =>
      'code' in each ? codeText(each.code, output.paint) : ruleText(each.rule, output.paint),
    );
    output.write(joined(texts, '\n'));
  }
  return exitCode;
}
