/** `contents` and `valid` as conditions, and what is reported where they do not hold. */
import type { Expr } from '../../expr/ast.js';
import type { AttrSpec, ClassSpec, ConstraintSpec, DocSpec, Severity } from '../../spec/model.js';
import type { ValueType } from '../../types/value-type.js';
import { bytesLiteral, quote, template, type Lines, block } from '../code/text.js';
import type { EmitContext } from '../context/context.js';
import { emitAs, emitCondition, type Place } from '../expression/expression.js';
import { atom, call, conjunction, disjunction, equality, negation, type Code } from '../code/operators.js';

/** Declared values that are compared one by one; more are looked up. */
const MAX_INLINE_VALUES = 16;

export interface Check {
  readonly kind: string;
  /** True where the constraint holds. */
  readonly condition: Code;
  /** What is reported as expected. */
  readonly expected: string;
  readonly rule: string | undefined;
  readonly severity: Severity;
}

type Checked = { readonly valid: ConstraintSpec | undefined; readonly contents?: AttrSpec['contents'] };

/** Whether a field whose values are of `type` has checks. */
export function hasChecks({ valid, contents }: Checked, type: ValueType): boolean {
  return contents !== undefined || (valid !== undefined && (valid.kind !== 'in-enum' || type.kind === 'enum'));
}

/** The checks of a field whose value is `value`. */
export function checksOf(
  context: EmitContext,
  attr: Checked,
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
        ? conjunction(
            Array.from(bytes, (byte, index) => equality(atom(`${value}[${index}]`), true, atom(String(byte)))),
          )
        : call(context.imports.support('equalBytes'), value, expected);
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
  const check = (kind: string, condition: Code, expected: string): Check => ({
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
      return [check('any-of', disjunction(conditions), `[${expected.join(', ')}]`)];
    }
    case 'in-enum':
      return type.kind === 'enum'
        ? [check('in-enum', enumCondition(context, type, place.underscore?.code ?? ''), 'undefined')]
        : [];
    case 'expr':
      return [check('expr', emitCondition(context, valid.condition.expr, place), quote(valid.condition.text.trim()))];
  }
}

function comparison(operator: '==' | '>=' | '<=', right: Expr): Expr {
  return { kind: 'binary', operator, left: { kind: 'name', name: '_', offset: 0 }, right, offset: 0 };
}

function enumCondition(context: EmitContext, { spec }: ValueType & { kind: 'enum' }, value: string): Code {
  const name = context.imports.enum(spec);
  if (spec.values.length > MAX_INLINE_VALUES) return call(context.imports.support('isEnumValue'), name, value);
  const known = spec.values.map((member) => atom(`${name}.${context.names.enumValue(spec, member)}`));
  return disjunction(known.map((member) => equality(atom(value), true, member)));
}

/** Statements that report a broken constraint; all of `where` is code. `inArray`: of the element `i`. */
export function reportLines(
  context: EmitContext,
  check: Check,
  id: string,
  doc: DocSpec,
  owner: ClassSpec,
  where: { readonly offset: string; readonly length: string; readonly actual: string; readonly inArray?: boolean },
): Lines {
  const section = doc.refs[0] ?? owner.doc.refs[0];
  const described = [
    `id: ${where.inArray === true ? elementName(context, id) : quote(id)}`,
    `kind: ${quote(check.kind)}`,
    ...(check.rule === undefined ? [] : [`rule: ${quote(check.rule)}`]),
    `severity: ${quote(check.severity)}`,
    ...(section === undefined ? [] : [`section: ${quote(section)}`]),
  ].join(', ');
  return block(`if (${negation(check.condition)})`, [
    `this._violate({ ${described} }, ${where.offset}, ${where.length}, ${check.expected}, ${where.actual});`,
  ]);
}

/** Code for the name of the element `i` of the array `id`. */
export function elementName(context: EmitContext, id: string): string {
  return template([`${id}[`, { code: context.uses.note('i') }, ']']);
}
