#!/usr/bin/env node
/** The command `ksy-ts`. */
import { buildProgram } from './cli/program.js';

await buildProgram().parseAsync();
