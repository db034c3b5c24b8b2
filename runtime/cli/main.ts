/** The program `vhdx`: runs the command with the arguments of the process. */
import { runMain } from './run.js';

// Not awaited: it never rejects, and modules that are waited for cannot be bundled as CommonJS.
void runMain(process.argv.slice(2));
