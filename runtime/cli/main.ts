/** The program `vhdx`: runs the command with the arguments of the process. */
import { runMain } from './run.js';

// Not awaited: it never rejects, and modules that are waited for cannot be bundled as CommonJS.
// `ThreadPool` starts the program with this argument in threads of its own.
if (process.argv[2] === '__thread') void import('./fleet/thread.js').then(({ runThread }) => runThread());
else void runMain(process.argv.slice(2));
