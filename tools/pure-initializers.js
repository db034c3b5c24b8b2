/**
 * Plugin of rolldown: bundlers can drop each top-level variable of a file that nothing uses, as they drop modules
 * (`sideEffects` in `package.json`). By themselves they keep one whose value is made by a call or read from an object, and
 * with it all that takes part: a function may do more than that, and there may be a getter.
 */

/** Expressions that may do something beside giving a value. */
const MAY_ACT = new Set([
  'CallExpression',
  'MemberExpression',
  'NewExpression',
  'SpreadElement',
  'TaggedTemplateExpression',
]);
/** What these contain is not evaluated here; and of classes, bundlers know it. */
const APART = new Set(['ArrowFunctionExpression', 'ClassExpression', 'FunctionExpression']);
const PURE = '/* @__PURE__ */ ';

const contained = (node) =>
  Object.values(node)
    .flat()
    .filter((child) => typeof child?.type === 'string');
const mayAct = (node) => !APART.has(node.type) && (MAY_ACT.has(node.type) || contained(node).some(mayAct));

export const pureInitializers = {
  name: 'pure-initializers',
  renderChunk(code) {
    /** rolldown knows some calls that only give a value; what they are given may still act. */
    const isSaid = ({ start }) => code.slice(0, start).endsWith(PURE);
    const values = this.parse(code)
      .body.flatMap((statement) => (statement.type === 'VariableDeclaration' ? statement.declarations : []))
      .map(({ init }) => init)
      .filter((init) => init !== null && (isSaid(init) ? init.arguments.some(mayAct) : mayAct(init)));
    let written = '';
    let end = 0;
    for (const value of values) {
      written += `${code.slice(end, value.start)}${PURE}(() => (${code.slice(value.start, value.end)}))()`;
      end = value.end;
    }
    return { code: written + code.slice(end) };
  },
};
