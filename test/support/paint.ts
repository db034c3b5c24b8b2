import { shown } from '../../runtime/cli/harmless.js';
import type { Paint } from '../../runtime/cli/output.js';

/** No colours. */
export const plain: Paint = (_style, text) => shown`${text}`;
