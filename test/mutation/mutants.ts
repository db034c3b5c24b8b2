/** Small faults put into a source file, one at a time: the mutants that the tests have to notice. */
import ts from 'typescript-6.0';

/** A change of a source text. */
export interface Mutant {
  /** Relative to the project, with forward slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Kind of the change: `boundary`, `removed call`. */
  readonly operator: string;
  /** Offsets in the text of what is replaced; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** What was there. */
  readonly original: string;
}

/** What a mutant is called: stable as long as its line is. */
export function nameOf({ file, line, original, replacement }: Mutant): string {
  const short = (text: string): string => {
    const oneLine = text.replaceAll(/\s+/g, ' ').trim();
    return oneLine.length > 70 ? `${oneLine.slice(0, 67)}…` : oneLine;
  };
  return `${file}:${line}: ${short(original)} → ${short(replacement) || '(removed)'}`;
}

const BINARY: ReadonlyMap<ts.SyntaxKind, readonly (readonly [string, string])[]> = new Map([
  [
    ts.SyntaxKind.LessThanToken,
    [
      ['boundary', '<='],
      ['negated', '>='],
    ],
  ],
  [
    ts.SyntaxKind.LessThanEqualsToken,
    [
      ['boundary', '<'],
      ['negated', '>'],
    ],
  ],
  [
    ts.SyntaxKind.GreaterThanToken,
    [
      ['boundary', '>='],
      ['negated', '<='],
    ],
  ],
  [
    ts.SyntaxKind.GreaterThanEqualsToken,
    [
      ['boundary', '>'],
      ['negated', '<'],
    ],
  ],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, [['negated', '!==']]],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, [['negated', '===']]],
  [ts.SyntaxKind.AmpersandAmpersandToken, [['logic', '||']]],
  [ts.SyntaxKind.BarBarToken, [['logic', '&&']]],
  [ts.SyntaxKind.PlusToken, [['arithmetic', '-']]],
  [ts.SyntaxKind.MinusToken, [['arithmetic', '+']]],
  [ts.SyntaxKind.AsteriskToken, [['arithmetic', '/']]],
  [ts.SyntaxKind.SlashToken, [['arithmetic', '*']]],
  [ts.SyntaxKind.PercentToken, [['arithmetic', '*']]],
  [ts.SyntaxKind.AmpersandToken, [['bits', '|']]],
  [ts.SyntaxKind.BarToken, [['bits', '&']]],
  [ts.SyntaxKind.LessThanLessThanToken, [['bits', '>>']]],
  [ts.SyntaxKind.GreaterThanGreaterThanToken, [['bits', '<<']]],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken, [['bits', '<<']]],
  [ts.SyntaxKind.PlusEqualsToken, [['arithmetic', '-=']]],
  [ts.SyntaxKind.MinusEqualsToken, [['arithmetic', '+=']]],
]);

const METHODS: ReadonlyMap<string, string> = new Map([
  ['min', 'max'],
  ['max', 'min'],
  ['floor', 'ceil'],
  ['ceil', 'floor'],
  ['some', 'every'],
  ['every', 'some'],
]);

const isText = (node: ts.Node): boolean => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);

const isSuperCall = ({ expression }: ts.ExpressionStatement): boolean =>
  ts.isCallExpression(expression) && expression.expression.kind === ts.SyntaxKind.SuperKeyword;

/** Whether a node has no part in what the program does: types, imports, and the words of a message. */
function isPassedOver(node: ts.Node): boolean {
  if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return true;
  if (ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isTemplateExpression(node)) return true;
  return ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === 'message';
}

/** All mutants of a source text, in the order of the text. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];

  const add = (operator: string, node: ts.Node, replacement: string): void => {
    const [start, end] = [node.getStart(source), node.getEnd()];
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    mutants.push({ file, line, operator, start, end, replacement, original: text.slice(start, end) });
  };

  const visitExpression = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node)) {
      const { left, right, operatorToken } = node;
      const isConcatenation = operatorToken.kind === ts.SyntaxKind.PlusToken && (isText(left) || isText(right));
      if (operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) add('fallback', node, right.getText(source));
      if (!isConcatenation) {
        for (const [operator, replacement] of BINARY.get(operatorToken.kind) ?? [])
          add(operator, operatorToken, replacement);
      }
    }
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      add('negated', node, node.operand.getText(source));
    if (ts.isConditionalExpression(node)) {
      add('branch', node.condition, 'true');
      add('branch', node.condition, 'false');
    }
    if (ts.isNumericLiteral(node)) add('number', node, String(Number(node.text) + 1));
    if (ts.isBigIntLiteral(node)) add('number', node, `${BigInt(node.text.slice(0, -1)) + 1n}n`);
    if (node.kind === ts.SyntaxKind.TrueKeyword) add('boolean', node, 'false');
    if (node.kind === ts.SyntaxKind.FalseKeyword) add('boolean', node, 'true');
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name } = node.expression;
      const other = METHODS.get(name.text);
      if (other !== undefined) add('method', name, other);
    }
  };

  const visitStatement = (node: ts.Node): void => {
    if (ts.isIfStatement(node)) {
      add('branch', node.expression, 'true');
      add('branch', node.expression, 'false');
    }
    if (ts.isWhileStatement(node)) add('branch', node.expression, 'false');
    if (ts.isExpressionStatement(node) && !isSuperCall(node)) add('removed', node, ';');
    if (ts.isThrowStatement(node)) add('removed', node, ';');
    if (ts.isContinueStatement(node)) add('removed', node, ';');
    if (ts.isReturnStatement(node) && node.expression === undefined) add('removed', node, ';');
  };

  const visit = (node: ts.Node): void => {
    if (isPassedOver(node)) return;
    visitStatement(node);
    visitExpression(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return mutants.toSorted((one, other) => one.start - other.start);
}

/** The text with the mutant in it. */
export function mutate(text: string, { start, end, replacement, original, file }: Mutant): string {
  if (text.slice(start, end) !== original) throw new Error(`${file} is not the text that the mutant was made from`);
  return text.slice(0, start) + replacement + text.slice(end);
}
