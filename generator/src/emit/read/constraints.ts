/** `contents` and `valid` as conditions, and what is reported where they do not hold. */
import type { Expr } from '../../expr/ast.js';
import type { AttrSpec, ClassSpec, ConstraintSpec, Severity } from '../../spec/model.js';
import type { ValueType } from '../../types/value-type.js';
import {
  UNDEFINED,
  array,
  at,
  bytesLiteral,
  call,
  conjunction,
  decimal,
  disjunction,
  equals,
  member,
  negation,
  object,
  ownMethod,
  string,
  template,
} from '../code/expressions.js';
import type { Code, Statement } from '../code/nodes.js';
import { run, when } from '../code/statements.js';
import type { EmitContext } from '../context/context.js';
import { I } from '../context/locals.js';
import { emitAs, emitCondition } from '../expression/expression.js';
import type { Place } from '../expression/forms.js';
import { sectionOf } from '../layout/table.js';

/** Declared values that are compared one by one; more are looked up. */
const MAX_INLINE_VALUES = 16;

export interface Check {
  readonly kind: string;
  /** True where the constraint holds. */
  readonly condition: Code;
  /** What is reported as expected. */
  readonly expected: Code;
  readonly rule: string | undefined;
  readonly severity: Severity;
}

type Checked = { readonly valid: ConstraintSpec | undefined; readonly contents?: AttrSpec['contents'] };

/** Whether a field whose values are of `type` has checks. */
export function hasChecks({ valid, contents }: Checked, type: ValueType): boolean {
  return contents !== undefined || (valid !== undefined && (valid.kind !== 'in-enum' || type.kind === 'enum'));
}

/** The checks of a field whose value is `value`; `isContents`: that its bytes are what they must be. */
export function checksOf(
  context: EmitContext,
  attr: Checked,
  type: ValueType,
  owner: ClassSpec,
  value: Code,
  { lowWord, isContents }: { readonly lowWord?: Place['lowWord']; readonly isContents?: Code | undefined } = {},
): Check[] {
  const checks: Check[] = [];
  if (attr.contents !== undefined) {
    const { bytes, rule, severity } = attr.contents;
    const expected = bytesLiteral(bytes);
    // As many as there must be have been read.
    const condition =
      isContents ??
      (bytes.length > 0 && bytes.length <= MAX_INLINE_VALUES
        ? conjunction(Array.from(bytes, (byte, index) => equals(at(value, decimal(index)), decimal(byte))))
        : call(context.imports.support('equalBytes'), value, expected));
    checks.push({ kind: 'contents', condition, expected, rule, severity });
  }
  if (attr.valid !== undefined) {
    const place: Place = { owner, underscore: { code: value, type }, ...(lowWord === undefined ? {} : { lowWord }) };
    checks.push(...validChecks(context, attr.valid, type, place, value));
  }
  return checks;
}

function validChecks(context: EmitContext, valid: ConstraintSpec, type: ValueType, place: Place, value: Code): Check[] {
  const { rule, severity } = valid;
  const check = (kind: string, condition: Code, expected: Code): Check => ({
    kind,
    condition,
    expected,
    rule,
    severity,
  });
  const compare = (kind: string, operator: '==' | '>=' | '<=', side: Expr): Check =>
    check(kind, emitCondition(context, comparison(operator, side), place), emitAs(context, side, type, place));
  switch (valid.kind) {
    case 'eq':
      return [compare('eq', '==', valid.expected.expr)];
    case 'range':
      return [
        ...(valid.min === undefined ? [] : [compare('min', '>=', valid.min.expr)]),
        ...(valid.max === undefined ? [] : [compare('max', '<=', valid.max.expr)]),
      ];
    case 'any-of': {
      const options = valid.options.map(({ expr }) => expr);
      const conditions = options.map((option) => emitCondition(context, comparison('==', option), place));
      const expected = options.map((option) => emitAs(context, option, type, place));
      return [check('any-of', disjunction(conditions), array(expected))];
    }
    case 'in-enum':
      return type.kind === 'enum' ? [check('in-enum', enumCondition(context, type, value), UNDEFINED)] : [];
    case 'expr':
      return [check('expr', emitCondition(context, valid.condition.expr, place), string(valid.condition.text.trim()))];
  }
}

function comparison(operator: '==' | '>=' | '<=', right: Expr): Expr {
  return { kind: 'binary', operator, left: { kind: 'name', name: '_', offset: 0 }, right, offset: 0 };
}

function enumCondition(context: EmitContext, { spec }: ValueType & { kind: 'enum' }, value: Code): Code {
  const name = context.imports.enum(spec);
  if (spec.values.length > MAX_INLINE_VALUES) return call(context.imports.support('isEnumValue'), name, value);
  return disjunction(spec.values.map((known) => equals(value, member(name, context.names.enumValue(spec, known)))));
}

/** What is said of a broken constraint, wherever it is. */
export function constraintOf(
  { kind, rule, severity }: Pick<Check, 'kind' | 'rule' | 'severity'>,
  id: Code,
  section: string | undefined,
): Code {
  return object({
    id,
    kind: string(kind),
    rule: rule === undefined ? undefined : string(rule),
    severity: string(severity),
    section: section === undefined ? undefined : string(section),
  });
}

/** A statement that reports a broken constraint. `inArray`: of the element `i`. */
export function reportOf(
  check: Check,
  id: string,
  described: Pick<AttrSpec, 'doc'>,
  owner: ClassSpec,
  where: { readonly offset: Code; readonly length: Code; readonly actual: Code; readonly inArray?: boolean },
): Statement {
  const name = where.inArray === true ? elementName(id) : string(id);
  const constraint = constraintOf(check, name, sectionOf(described, owner));
  return when(negation(check.condition), [
    run(ownMethod('_violate', constraint, where.offset, where.length, check.expected, where.actual)),
  ]);
}

/** Code for the name of the element `i` of the array `id`. */
export const elementName = (id: string): Code => template(`${id}[`, I, ']');
