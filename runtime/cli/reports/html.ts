/** The report of `check` as a page. */
import type { Finding } from '../../index.js';
import { SEVERITIES } from '../../rules.js';
import { type Harmless, joined, NOTHING, xml } from '../harmless.js';
import { hex } from '../text.js';
import {
  failureOf,
  type ImageReport,
  type ImageVerdict,
  imageVerdictOf,
  type Outcome,
  suppressionText,
  worstFirst,
} from './outcome.js';
import { Tally } from './text.js';
import { countsText, UNCHANGED, verdictText } from './verdict-text.js';

type Html = Harmless<'xml'>;

/** Read in both schemes; nothing is fetched, and there is no script. */
const STYLE = xml`
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.2rem; }
table { border-collapse: collapse; margin: 0.5rem 0 1rem; width: 100%; }
th, td { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: 0.3rem 0.6rem; text-align: left; vertical-align: top; }
code { overflow-wrap: break-word; }
td:last-child { min-width: 16rem; overflow-wrap: anywhere; }
.counts { width: auto; }
.counts td { min-width: 4rem; }
.wide { overflow-x: auto; }
details { margin: 0.3rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
.verdict, .severity { font-weight: 600; }
.corrupt, .unreadable, .not-vhdx, .error { color: light-dark(#b3261e, #ff8a80); }
.needs-attention, .refuse-write { color: light-dark(#8a5a00, #ffc26b); }
.clean { color: light-dark(#1b6e2d, #81d893); }
@media print { details > * { display: block; } }
`;

function paragraph(text: Html): Html {
  return xml`<p>${text}</p>\n`;
}

function row({ severity, rule, code, section, fileOffset, path, image, message, fix }: Finding): Html {
  const field = path === '' ? NOTHING : xml`, <code>${path}</code>`;
  const parent = image === undefined ? NOTHING : xml` of ${image}`;
  const spec = section === '' ? NOTHING : xml`<br>[MS-VHDX] ${section}`;
  const remedy = fix === undefined ? NOTHING : xml`<br>What to do: ${fix}`;
  return xml`<tr><td class="severity ${severity}">${severity}</td><td>${rule} <code>${code}</code>${spec}</td><td><code>${hex(fileOffset)}</code>${field}${parent}</td><td>${message}${remedy}</td></tr>\n`;
}

function table({ findings, groups, suppressed = [] }: ImageReport): Html {
  const more = groups
    .filter(({ count, shown }) => count > shown)
    .map(
      ({ severity, rule, code, count, shown }) =>
        xml`<tr><td class="severity ${severity}">${severity}</td><td>${rule} <code>${code}</code></td><td></td><td>${count - shown} more of ${count}</td></tr>\n`,
    );
  const uncounted = suppressed.map(
    ({ rule, code, fileOffset, path, suppression }) =>
      xml`<tr><td>suppressed</td><td>${rule} <code>${code}</code></td><td><code>${hex(fileOffset)}</code>, <code>${path}</code></td><td>${suppressionText(suppression)}</td></tr>\n`,
  );
  if (findings.length + more.length + uncounted.length === 0) return paragraph(xml`No findings.`);
  const head = xml`<tr><th>severity</th><th>rule</th><th>place</th><th>finding</th></tr>\n`;
  return xml`<div class="wide"><table>\n${head}${joined([...worstFirst(findings).map(row), ...more, ...uncounted])}</table></div>\n`;
}

function contents(outcome: Outcome): Html {
  if (outcome.report === undefined) {
    const { code, message } = failureOf(outcome.error);
    return paragraph(xml`<code>${code}</code>: ${message}`);
  }
  const { report } = outcome;
  const replayed =
    report.view === 'replayed'
      ? paragraph(xml`What follows the log was judged as it will be after the replay, which was done in memory only.`)
      : NOTHING;
  const unchanged = report.unchanged === true ? paragraph(xml`${UNCHANGED}`) : NOTHING;
  const parents = (report.parents ?? []).map(({ image, verdict }) =>
    paragraph(xml`Parent ${image}: ${verdictText(verdict)}`),
  );
  return xml`${unchanged}${replayed}${joined(parents)}${table(report)}`;
}

function imageSection(outcome: Outcome): Html {
  const { image, report } = outcome;
  const verdict: ImageVerdict = imageVerdictOf(outcome);
  const counts = report === undefined ? NOTHING : xml` (${countsText(report.counts)})`;
  const head = xml`<summary>${image}: <span class="verdict ${verdict}">${verdictText(verdict)}</span>${counts}</summary>`;
  const open = verdict === 'clean' ? NOTHING : xml` open`;
  return xml`<details${open}>\n${head}\n${contents(outcome)}</details>\n`;
}

function countRows(outcomes: readonly Outcome[]): Html {
  const rows = SEVERITIES.map((severity) => {
    const count = outcomes.reduce((sum, { report }) => sum + (report?.counts[severity] ?? 0), 0);
    return xml`<tr><td class="severity ${severity}">${severity}</td><td>${count}</td></tr>\n`;
  });
  return joined(rows);
}

/** Those that are not clean first: of many images nobody looks through all. */
function imageSections(outcomes: readonly Outcome[]): Html {
  const isClean = (outcome: Outcome): boolean => imageVerdictOf(outcome) === 'clean';
  const [others, clean] = [outcomes.filter((each) => !isClean(each)), outcomes.filter(isClean)];
  if (others.length === 0 || clean.length === 0) return joined(outcomes.map(imageSection));
  return xml`<h2>Not clean</h2>\n${joined(others.map(imageSection))}<h2>Clean</h2>\n${joined(clean.map(imageSection))}`;
}

/** The report as a page: one file that needs nothing else, and no script. What is clean is folded up. */
export function checkHtml(outcomes: readonly Outcome[], { version }: { readonly version: string }): Html {
  const summary = Tally.of(outcomes).text();
  return xml`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>vhdx check: ${summary}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>vhdx check</h1>
${paragraph(xml`${summary}`)}<table class="counts">
<tr><th>severity</th><th>findings</th></tr>
${countRows(outcomes)}</table>
${imageSections(outcomes)}${paragraph(xml`vhdx ${version}`)}</body>
</html>
`;
}
