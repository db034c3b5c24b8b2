/** The names that Kaitai's test suite has for the errors of generated code. */

const VALIDATION: Readonly<Record<string, string>> = {
  contents: 'ValidationNotEqualError',
  eq: 'ValidationNotEqualError',
  min: 'ValidationLessThanError',
  max: 'ValidationGreaterThanError',
  'any-of': 'ValidationNotAnyOfError',
  'in-enum': 'ValidationNotInEnumError',
  expr: 'ValidationExprError',
};

const KINDS: readonly (readonly [string, readonly string[]])[] = [
  ['EofError', ['EndOfStreamError']],
  ['TerminatorError', ['EndOfStreamError', 'EndOfStreamNoTerminatorError']],
  ['UndecidedEndianError', ['UndecidedEndiannessError']],
  ['ConversionError', ['ConversionError']],
  ['EncodingError', ['UnknownEncodingError']],
];

/** `support` has the errors of the generated code by name. */
export function errorKinds(error: unknown, support: object): readonly string[] {
  const is = (name: string): boolean => {
    const type: unknown = Reflect.get(support, name);
    return typeof type === 'function' && error instanceof type;
  };
  if (is('ValidationError')) return validationKinds(error);
  return KINDS.flatMap(([name, kinds]) => (is(name) ? kinds : []));
}

function validationKinds(error: unknown): readonly string[] {
  const violation: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'violation') : undefined;
  const constraint: unknown =
    typeof violation === 'object' && violation !== null ? Reflect.get(violation, 'constraint') : undefined;
  const kind = VALIDATION[String(constraint)];
  return kind === undefined ? [] : [kind];
}
