/** The form of the catalogue's rows, and of their explanations. */
import type { RemedyName } from './remedies.js';

/** Severity of a finding, the worst first. */
export type Severity = 'error' | 'refuse-write' | 'warning' | 'info';

/** What a code is about that checker, opener and repair have to know; see the users of each. */
interface Facts {
  /** The structure, of which a header or region table has two copies, is not valid: nothing in it can be used. */
  readonly damages?: 'header' | 'region-table' | 'metadata-table';
  /** Where the structure lies is not known. */
  readonly misplaces?: 'log' | 'region' | 'metadata-item';
  /** Two structures use the same bytes of a region. */
  readonly sharesRegion?: true;
  /** Something lies past the end of the file, which has probably been cut off. */
  readonly cutsOff?: true;
  /** It can only be judged with the parents at hand. */
  readonly chain?: true;
  /** The hosts whose rule it is; left out for rules of the specification. */
  readonly profiles?: readonly ('hyperv' | 'azure' | 'wsl')[];
}

/** One code of the catalogue. The files of a group have one table of these, and one of what only explains them. */
export interface CodeRow extends Facts {
  /** The rule that is broken (`B2`); left out where the fault is not in the image. */
  readonly rule?: string;
  /** Other rules that say the same thing and are reported by this code. */
  readonly covers?: readonly string[];
  /** Section of [MS-VHDX]; left out where no section says it. */
  readonly section?: string;
  /** The usual severity; left out where the fault is not in the image, which is an error. See `Explanation.when`. */
  readonly severity?: Severity;
  /** What is wrong, in one sentence without a full stop. */
  readonly summary: string;
  /** What to do about a finding, where several codes share that; else `advice`. Left out where nothing needs to be done. */
  readonly remedy?: RemedyName;
  /** What to do about a finding. */
  readonly advice?: string;
  /** A constraint of a schema looks at it: its `-rule` names the rule, or this code where that has several such codes. */
  readonly schema?: true;
  /** Of a constraint of a schema: it depends on other fields, so that its finding is made by hand. */
  readonly inContext?: true;
  /** What an expression of a schema asks for, in words. */
  readonly expects?: string;
}

/** A room of runtime/ that looks at a code. */
export type Room =
  | 'change'
  | 'check'
  | 'create'
  | 'disk'
  | 'format'
  | 'image'
  | 'io'
  | 'io/http'
  | 'io/node'
  | 'log'
  | 'node'
  | 'write';

/** What the documentation says of a code beyond its row: kept apart, so that a browser need not load it. */
export interface Explanation {
  /** What it means, in a few sentences. */
  readonly meaning: string;
  /** What to do about an error that is no finding. */
  readonly advice?: string;
  /** The severities that a finding can have instead of the usual one, and when. No finding has any other. */
  readonly when?: Readonly<Partial<Record<Severity, string>>>;
  /** Where it is looked at: schemas that have a constraint for it, and rooms of runtime/. */
  readonly lookedAt: readonly (Room | `schemas/${string}`)[];
  /** Codes to look at too; those of the same rule go without saying. */
  readonly related?: readonly string[];
}
