/**
 * Plugin of rolldown: the tables of codes have what only `vhdx explain` and the documentation say beside the rest. What
 * imports the explanations gets modules of their own, so that what reports a finding need not load them.
 */
import { readFileSync } from 'node:fs';

const APART = '?explained';

export const explanationsApart = {
  name: 'explanations-apart',
  async resolveId(id, importer = '') {
    if (!/[\\/]explained-tables\.js$/.test(importer) || !id.startsWith('./catalogue/')) return undefined;
    const found = await this.resolve(id, importer, { skipSelf: true });
    return { ...found, id: found.id + APART };
  },
  load: (id) => (id.endsWith(APART) ? readFileSync(id.slice(0, -APART.length), 'utf8') : undefined),
};
