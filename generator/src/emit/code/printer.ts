/** Expressions, types and statements to text. What they refer to of other modules is noted on the way. */
import type { Location } from '../../diagnostics.js';
import { isBody } from './inspect.js';
import { isMachinery } from './machinery.js';
import type {
  Case,
  Code,
  Imported,
  Infix,
  PropertyType,
  ReferenceType,
  Statement,
  Statements,
  Type,
  Variable,
} from './nodes.js';
import type { Marks } from './places.js';
import { P, isWrapped, precedenceOf } from './precedence.js';
import { identifier, propertyKey, quote, templateText } from './text.js';

const STEP = '  ';

export class CodePrinter {
  /** Names of other modules that printed code uses as values, and those it uses as types. */
  readonly values: Set<Imported> = new Set();
  readonly types: Set<Imported> = new Set();
  readonly #marks: Marks | undefined;
  #place: Location | undefined;
  #depth = 0;

  /** With `marks`, statements are marked with the places of the schema that they come from. */
  constructor(marks?: Marks) {
    this.#marks = marks;
  }

  /** One statement a line, the first one not indented. */
  statements(body: Statements): string {
    return body.map((statement) => this.#marked(statement)).join(`\n${this.#indent}`);
  }

  /** A name that is declared, for what comes from `at`. */
  declared(name: string, at: Location | undefined): string {
    return this.#from(at, () => identifier(name));
  }

  /** Statements that come from `at`, but for those that say otherwise. */
  statementsAt(at: Location | undefined, body: Statements): string {
    return this.#from(at, () => this.statements(body));
  }

  #marked(statement: Statement): string {
    return statement.at === undefined
      ? this.#statement(statement)
      : this.#from(statement.at, () => this.#statement(statement));
  }

  #from(at: Location | undefined, print: () => string): string {
    const around = this.#place;
    this.#place = at;
    const text = print();
    this.#place = around;
    if (this.#marks === undefined || at === around) return text;
    return `${this.#marks.mark(at)}${text}${this.#marks.mark(around)}`;
  }

  /** An expression where nothing binds: of an initializer, an argument, a result. */
  code(code: Code): string {
    return code.kind === 'assign' ? `(${this.#text(code)})` : this.#text(code);
  }

  /** A class that another one extends. */
  base({ name, args }: ReferenceType): string {
    return `${this.code(name)}${this.#typeArguments(args)}`;
  }

  type(type: Type): string {
    switch (type.kind) {
      case 'word':
        return type.word;
      case 'type-of':
        return `typeof ${identifier(type.name.name)}`;
      case 'text':
        return quote(type.text);
      case 'reference': {
        const name = type.name.kind === 'name' ? identifier(type.name.name) : this.#imported(type.name, this.types);
        return `${name}${this.#typeArguments(type.args)}`;
      }
      case 'array': {
        const item = this.type(type.item);
        return type.item.kind === 'union' ? `(${item})[]` : `${item}[]`;
      }
      case 'union':
        return type.members.map((member) => this.type(member)).join(' | ');
      case 'intersection':
        return type.members.map((member) => this.type(member)).join(' & ');
      case 'object':
        return `{ ${type.properties.map((property) => this.#propertyType(property)).join('; ')} }`;
    }
  }

  #propertyType({ name, isOptional, type }: PropertyType): string {
    return `readonly ${propertyKey(name)}${isOptional ? '?' : ''}: ${this.type(type)}`;
  }

  #imported(name: Imported, uses: Set<Imported>): string {
    uses.add(name);
    return identifier(name.local);
  }

  get #indent(): string {
    return STEP.repeat(this.#depth);
  }

  #within<T>(print: () => T): T {
    this.#depth++;
    const printed = print();
    this.#depth--;
    return printed;
  }

  /** The expression, in parentheses where it binds less than `least`. */
  #least(code: Code, least: number): string {
    const text = this.#text(code);
    return precedenceOf(code) < least ? `(${text})` : text;
  }

  #text(code: Code): string {
    switch (code.kind) {
      case 'name':
        return identifier(code.name);
      case 'imported':
        return this.#imported(code, this.values);
      case 'string':
        return quote(code.value);
      case 'number':
        return code.text;
      case 'word':
        return code.word;
      case 'as-const':
        return `${this.#least(code.code, P.shift)} as const`;
      case 'template':
        return this.#template(code.parts);
      case 'member': {
        const object = this.#object(code.object);
        const isOwn = code.object.kind === 'word';
        if (!isOwn && isMachinery(code.name)) return `${object}${code.isOptional === true ? '?.' : ''}['${code.name}']`;
        return `${object}${code.isOptional === true ? '?.' : '.'}${identifier(code.name)}`;
      }
      case 'index':
        return `${this.#object(code.object)}[${this.code(code.index)}]`;
      case 'call': {
        const called = `${this.#object(code.callee)}${code.isOptional === true ? '?.' : ''}`;
        return `${called}${this.#typeArguments(code.types)}(${this.#list(code.args)})`;
      }
      case 'new':
        return `new ${this.#text(code.callee)}${this.#typeArguments(code.types ?? [])}(${this.#list(code.args)})`;
      case 'prefix': {
        const operand = this.#least(code.operand, P.prefix);
        if (code.operator === 'typeof') return `typeof ${operand}`;
        // `--` is another operator.
        const isSame = code.operand.kind === 'prefix' && code.operator === '-' && code.operand.operator === '-';
        return `${code.operator}${isSame ? `(${operand})` : operand}`;
      }
      case 'postfix':
        return `${this.#least(code.operand, P.primary)}${code.operator}`;
      case 'infix':
        return this.#infix(code);
      case 'conditional': {
        // `a ?? b ? c : d` is right, but read twice.
        const isCoalesced = code.condition.kind === 'infix' && code.condition.operator === '??';
        const condition = this.#least(code.condition, isCoalesced ? P.primary : P.or);
        return `${condition} ? ${this.#least(code.whenTrue, P.or)} : ${this.#least(code.whenFalse, P.or)}`;
      }
      case 'assign':
        return `${this.#text(code.target)} ${code.operator} ${this.#text(code.value)}`;
      case 'arrow':
        return `(${code.parameters.map(({ name }) => name).join(', ')}) => ${this.#arrowBody(code.body)}`;
      case 'array':
        return code.isTable ? this.#table(code.items) : `[${this.#list(code.items)}]`;
      case 'object': {
        const properties = code.properties.map(([key, value]) => `${identifier(key)}: ${this.code(value)}`);
        return properties.length === 0 ? '{}' : `{ ${properties.join(', ')} }`;
      }
    }
  }

  #template(parts: readonly (string | Code)[]): string {
    const body = parts.map((part) => (typeof part === 'string' ? templateText(part) : `\${${this.code(part)}}`));
    return `\`${body.join('')}\``;
  }

  /** What a member is taken of: behind digits, a dot belongs to the number. */
  #object(code: Code): string {
    return code.kind === 'number' || code.kind === 'object' ? `(${this.#text(code)})` : this.#least(code, P.primary);
  }

  /** Operators in a row, such as thousands of alternatives, are no deeper than one. */
  #infix(code: Infix): string {
    const rest = [`${code.operator} ${this.#operand(code.right, code)}`];
    let first = code;
    for (let { left } = first; left.kind === 'infix' && !isWrapped(left, first); { left } = first) {
      first = left;
      rest.push(`${first.operator} ${this.#operand(first.right, first)}`);
    }
    return [this.#operand(first.left, first), ...rest.toReversed()].join(' ');
  }

  #operand(code: Code, parent: Infix): string {
    return isWrapped(code, parent) ? `(${this.#text(code)})` : this.#text(code);
  }

  #list(codes: readonly Code[]): string {
    return codes.map((code) => this.#text(code)).join(', ');
  }

  #typeArguments(types: readonly Type[]): string {
    return types.length === 0 ? '' : `<${types.map((type) => this.type(type)).join(', ')}>`;
  }

  #arrowBody(body: Code | Statements): string {
    if (isBody(body)) return this.#block(body);
    return body.kind === 'object' ? `(${this.code(body)})` : this.code(body);
  }

  #table(items: readonly Code[]): string {
    const lines = this.#within(() => items.map((item) => `${this.#indent}${this.code(item)},`));
    return ['[', ...lines, `${this.#indent}]`].join('\n');
  }

  #block(body: Statements): string {
    const inner = this.#within(() => (body.length === 0 ? [] : [`${this.#indent}${this.statements(body)}`]));
    return ['{', ...inner, `${this.#indent}}`].join('\n');
  }

  #statement(statement: Statement): string {
    switch (statement.kind) {
      case 'run':
        return `${this.#text(statement.code)};`;
      case 'declare':
        return `${statement.keyword} ${this.#variables(statement.variables)};`;
      case 'take':
        return `const { ${statement.names.map(({ name }) => name).join(', ')} } = ${this.code(statement.value)};`;
      case 'if':
        return this.#if(statement);
      case 'for': {
        const { variables, condition, step, body } = statement;
        const head = variables.length === 0 ? '' : `let ${this.#variables(variables)}`;
        const test = condition === undefined ? '' : this.code(condition);
        return `for (${head}; ${test};${step === undefined ? '' : ` ${this.code(step)}`}) ${this.#block(body)}`;
      }
      case 'for-of':
        return `for (const ${statement.item.name} of ${this.code(statement.items)}) ${this.#block(statement.body)}`;
      case 'switch': {
        const cases = this.#within(() => statement.cases.map((each) => `${this.#indent}${this.#case(each)}`));
        return [`switch (${this.code(statement.on)}) {`, ...cases, `${this.#indent}}`].join('\n');
      }
      case 'try': {
        const { body, caught, always } = statement;
        const parts = [`try ${this.#block(body)}`];
        if (caught !== undefined) parts.push(`catch (${caught.error.name}) ${this.#block(caught.body)}`);
        if (always !== undefined) parts.push(`finally ${this.#block(always)}`);
        return parts.join(' ');
      }
      case 'block':
        return this.#block(statement.body);
      case 'return':
        return statement.value === undefined ? 'return;' : `return ${this.code(statement.value)};`;
      case 'throw':
        return `throw ${this.code(statement.value)};`;
      case 'break':
        return 'break;';
    }
  }

  #variables(variables: readonly Variable[]): string {
    return variables
      .map(({ name, type, value }) => {
        const typed = type === undefined ? '' : `: ${this.type(type)}`;
        return `${identifier(name.name)}${typed}${value === undefined ? '' : ` = ${this.code(value)}`}`;
      })
      .join(', ');
  }

  #if({ condition, body, otherwise }: Extract<Statement, { kind: 'if' }>): string {
    const head = `if (${this.code(condition)}) `;
    if (otherwise === undefined) return head + (isBody(body) ? this.#block(body) : this.#marked(body));
    // Without braces, the `else` might be that of an `if` within.
    const text = head + this.#block(isBody(body) ? body : [body]);
    const [only] = otherwise;
    const isChain = otherwise.length === 1 && only?.kind === 'if';
    return `${text} else ${isChain ? this.#if(only) : this.#block(otherwise)}`;
  }

  #case({ match, body }: Case): string {
    return `${match === undefined ? 'default' : `case ${this.code(match)}`}: ${this.#block(body)}`;
  }
}
