/** The constraints that a schema states, and what is reported where bytes do not meet one. */
import { show } from './show.js';
/** What a constraint asks for. */
export function describeConstraint(kind, expected) {
    switch (kind) {
        case 'contents':
        case 'eq':
            return `must be ${show(expected)}`;
        case 'min':
            return `must be at least ${show(expected)}`;
        case 'max':
            return `must be at most ${show(expected)}`;
        case 'any-of':
            return `must be one of ${show(expected)}`;
        case 'in-enum':
            return 'must be a declared value';
        case 'expr':
            return `must satisfy ${String(expected)}`;
        case 'checksum':
            return `checksum must be ${show(expected)}`;
    }
}
