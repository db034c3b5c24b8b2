/** What the exit codes say, for the help of the command and of those that judge images. */
export const EXIT_CODES_HELP = `
Exit codes:
  0   clean; warnings and infos are printed
  1   could not run: usage, input or output
  2   corrupt
  3   usable, but needs attention before anything writes to it
  63  not a VHDX
Several images: the worst, in the order 0, 3, 63, 2, 1.`;
