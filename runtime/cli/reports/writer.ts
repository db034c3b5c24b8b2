/** The forms of the report of `check`. */
import { type Harmless, joined, json, NOTHING, shown } from '../harmless.js';
import type { Paint } from '../output.js';
import type { Format } from './formats.js';
import { checkJson } from './json.js';
import type { Outcome, ReportContext } from './outcome.js';
import { capitalized } from '../text.js';
import { reportText, Tally } from './text.js';

type Text = Harmless<'log' | 'xml' | 'markdown'>;

/** Makes a report while images are checked. */
export interface ReportWriter {
  /** What there is to be written for the next image; empty if that is written at the end. */
  readonly add: (outcome: Outcome) => Text;
  /** The rest. */
  readonly end: (context: ReportContext) => Promise<Text>;
  /** What ends a report that was begun when the run is interrupted; `words` say how far it came. */
  readonly cut: (words: string) => Text;
}

/** What a form of the report needs to know from its first image on. */
export interface WriterOptions extends Pick<ReportContext, 'isList' | 'homepage'> {
  /** Whether nothing but plans of repairs was asked for. */
  readonly isPlan: boolean;
}

/** For people: image by image, and at the end what there is of which verdict. Images that cannot be read are left to standard error. */
function textWriter(isList: boolean, isPlan: boolean, paint: Paint): ReportWriter {
  const tally = new Tally();
  let hasHint = false;
  return {
    add: (outcome) => {
      tally.add(outcome);
      const { image, report } = outcome;
      if (report === undefined) return NOTHING;
      // A plan that was asked for stands in the place of the report.
      const { repair } = report;
      const hasPlan = repair?.done === false && repair.failure === undefined && repair.steps.length > 0;
      hasHint ||= !hasPlan && report.groups.some(({ severity }) => severity !== 'info');
      if (isPlan) return NOTHING;
      return shown`${reportText(image, report, paint)}${isList ? shown`\n` : NOTHING}`;
    },
    end: () => {
      // How to learn more of what was found, if there is anything to be done about it.
      const hint = hasHint ? shown`vhdx explain CODE explains a code.\n` : NOTHING;
      if (isList) return Promise.resolve(shown`${hint}${tally.text()}\n`);
      return Promise.resolve(hasHint ? shown`\n${hint}` : NOTHING);
    },
    cut: (words) =>
      isList ? shown`${tally.isEmpty ? NOTHING : shown`${tally.text()}\n`}${capitalized(words)}.\n` : NOTHING,
  };
}

/** An array in the form of a report that is written image by image. */
export function listText(values: readonly unknown[]): Harmless {
  if (values.length === 0) return shown`[]\n`;
  return shown`[\n${joined(
    values.map((value) => json(value, 2, '  ')),
    ',\n',
  )}\n]\n`;
}

/** An object for one image, an array for several; written as it comes, in the form that `JSON.stringify` gives the whole. */
function jsonWriter(isList: boolean, homepage: string | undefined): ReportWriter {
  let count = 0;
  const last = (): Text => (!isList ? NOTHING : count === 0 ? shown`[]\n` : shown`\n]\n`);
  return {
    add: (outcome) => {
      const value = checkJson(outcome, homepage);
      count += 1;
      if (!isList) return shown`${json(value, 2)}\n`;
      return shown`${count === 1 ? shown`[\n` : shown`,\n`}${json(value, 2, '  ')}`;
    },
    end: () => Promise.resolve(last()),
    // What there is stays readable.
    cut: last,
  };
}

function lineWriter(homepage: string | undefined): ReportWriter {
  return {
    add: (outcome) => shown`${json(checkJson(outcome, homepage))}\n`,
    end: () => Promise.resolve(NOTHING),
    cut: () => NOTHING,
  };
}

/** A report that is made when everything is known. */
function finalWriter(textOf: (outcomes: readonly Outcome[], context: ReportContext) => Promise<Text>): ReportWriter {
  const outcomes: Outcome[] = [];
  return {
    add: (outcome) => {
      outcomes.push(outcome);
      return NOTHING;
    },
    end: (context) => textOf(outcomes, context),
    cut: () => NOTHING,
  };
}

/** `paint`: colours of the text. */
export function createWriter(format: Format, { isList, isPlan, homepage }: WriterOptions, paint: Paint): ReportWriter {
  switch (format) {
    case 'text':
      return textWriter(isList, isPlan, paint);
    case 'json':
      return jsonWriter(isList, homepage);
    case 'ndjson':
      return lineWriter(homepage);
    case 'junit':
      return finalWriter(async (outcomes, context) => (await import('./junit.js')).checkJunit(outcomes, context));
    case 'sarif':
      return finalWriter(async (outcomes, context) => (await import('./sarif.js')).checkSarif(outcomes, context));
    case 'github':
      return finalWriter(async (outcomes, { locations, hasSummary }) =>
        (await import('./github.js')).checkGithub(outcomes, locations, hasSummary),
      );
    case 'markdown':
      return finalWriter(async (outcomes, { failOn }) =>
        (await import('./markdown.js')).checkMarkdown(outcomes, failOn),
      );
    case 'html':
      return finalWriter(async (outcomes, context) => (await import('./html.js')).checkHtml(outcomes, context));
  }
}
