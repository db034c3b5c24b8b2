/** `contents` and `valid` as conditions, and what is reported where they do not hold. */
import type { Expr } from '../expr/ast.js';
import type { AttrSpec, ClassSpec, ConstraintSpec, DocSpec, Severity } from '../spec/model.js';
import type { ValueType } from '../types/value-type.js';
import { bytesLiteral, quote, template, type Lines, block } from './code.js';
import type { EmitContext } from './context.js';
import { emitAs, emitSure, type Place } from './expression.js';

/** Declared values that are compared one by one; more are looked up. */
const MAX_INLINE_VALUES = 16;

export interface Check {
  readonly kind: string;
  /** True where the constraint holds. */
  readonly condition: string;
  /** What is reported as expected. */
  readonly expected: string;
  readonly rule: string | undefined;
  readonly severity: Severity;
}

/** The checks of a field whose value is `value`. */
export function checksOf(
  context: EmitContext,
  attr: { readonly valid: ConstraintSpec | undefined; readonly contents?: AttrSpec['contents'] },
  type: ValueType,
  owner: ClassSpec,
  value: string,
  lowWord?: Place['lowWord'],
): Check[] {
  const checks: Check[] = [];
  if (attr.contents !== undefined) {
    const { bytes, rule, severity } = attr.contents;
    const expected = bytesLiteral(bytes);
    // As many as there must be have been read.
    const condition =
      bytes.length > 0 && bytes.length <= MAX_INLINE_VALUES
        ? Array.from(bytes, (byte, index) => `${value}[${index}] === ${byte}`).join(' && ')
        : `${context.imports.support('equalBytes')}(${value}, ${expected})`;
    checks.push({ kind: 'contents', condition, expected, rule, severity });
  }
  if (attr.valid !== undefined) {
    const place: Place = { owner, underscore: { code: value, type }, ...(lowWord === undefined ? {} : { lowWord }) };
    checks.push(...validChecks(context, attr.valid, type, place));
  }
  return checks;
}

function validChecks(context: EmitContext, valid: ConstraintSpec, type: ValueType, place: Place): Check[] {
  const { rule, severity } = valid;
  const check = (kind: string, condition: string, expected: string): Check => ({
    kind,
    condition,
    expected,
    rule,
    severity,
  });
  const compare = (kind: string, operator: '==' | '>=' | '<=', side: Expr): Check =>
    check(kind, emitSure(context, comparison(operator, side), place), emitAs(context, side, type, place));
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
      const conditions = options.map((option) => emitSure(context, comparison('==', option), place));
      const expected = options.map((option) => emitAs(context, option, type, place));
      return [check('any-of', conditions.join(' || '), `[${expected.join(', ')}]`)];
    }
    case 'in-enum':
      return type.kind === 'enum'
        ? [check('in-enum', enumCondition(context, type, place.underscore?.code ?? ''), 'undefined')]
        : [];
    case 'expr':
      return [check('expr', emitSure(context, valid.condition.expr, place), quote(valid.condition.text.trim()))];
  }
}

function comparison(operator: '==' | '>=' | '<=', right: Expr): Expr {
  return { kind: 'binary', operator, left: { kind: 'name', name: '_', offset: 0 }, right, offset: 0 };
}

function enumCondition(context: EmitContext, { spec }: ValueType & { kind: 'enum' }, value: string): string {
  const name = context.imports.enum(spec);
  if (spec.values.length > MAX_INLINE_VALUES) return `${context.imports.support('isEnumValue')}(${name}, ${value})`;
  if (spec.values.length === 0) return 'false';
  return spec.values.map((known) => `${value} === ${name}.${context.names.enumValue(spec, known)}`).join(' || ');
}

/** Statements that report a broken constraint; all of `where` is code, `index` that of an element. */
export function reportLines(
  check: Check,
  id: string,
  doc: DocSpec,
  owner: ClassSpec,
  where: { readonly offset: string; readonly length: string; readonly actual: string; readonly index?: string },
): Lines {
  const section = doc.refs[0] ?? owner.doc.refs[0];
  const described = [
    `id: ${where.index === undefined ? quote(id) : template([`${id}[`, { code: where.index }, ']'])}`,
    `kind: ${quote(check.kind)}`,
    ...(check.rule === undefined ? [] : [`rule: ${quote(check.rule)}`]),
    `severity: ${quote(check.severity)}`,
    ...(section === undefined ? [] : [`section: ${quote(section)}`]),
  ].join(', ');
  return block(`if (${negated(check.condition)})`, [
    `this._violate({ ${described} }, ${where.offset}, ${where.length}, ${check.expected}, ${where.actual});`,
  ]);
}

export function negated(condition: string): string {
  const equality = /^([\w.]+) === ([\w.]+)$/.exec(condition);
  if (equality !== null) return `${equality[1]} !== ${equality[2]}`;
  return /^[\w.]+\([^()]*\)$/.test(condition) ? `!${condition}` : `!(${condition})`;
}
