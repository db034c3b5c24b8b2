/** Standard output and standard error of the command: only escaped text, colors, order. */
import { ExitCode } from './exit-codes.js';
import { type Harmless, shown, styled, type Value } from './harmless.js';
import { type HostStream, isTerminalStream, openSink } from './sink.js';

/** Styles that the reports use. */
export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

/** Colours `text`, or leaves it as it is where colours are not wanted. */
export type Paint = (style: Style, text: Value) => Harmless;

/** Where a command's results and words go. */
export interface Output {
  /** Data: to standard output. */
  readonly write: (text: Harmless<'log' | 'xml' | 'markdown'>) => void;
  /** As `write`, for much: settled when the next part can be taken, or when nobody takes any. */
  readonly send: (text: Harmless<'log' | 'xml' | 'markdown'>) => Promise<void>;
  /**
   * As `send`, for data of which no byte may be missing: rejected with the system's error if not all were taken, which
   * is then the caller's to report. The exit code says so in any case.
   */
  readonly sendAll: (bytes: Uint8Array) => Promise<void>;
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean;
  /** As `write`, for a word on what has been done: nothing with `--quiet`. */
  readonly notice: (text: Harmless) => void;
  /** Whether progress is shown, on standard error. */
  readonly showsProgress: boolean;
  /** Whether only results and errors are wanted. */
  readonly isQuiet: boolean;
  /** Why something has not been done, or the exit code is not zero: one line to standard error, `vhdx: ` before it. */
  readonly error: (line: string) => void;
  /** As `error`, for what does not change the exit code: nothing with `--quiet`. */
  readonly warn: (line: string) => void;
  /** Whether stacks are wanted (VHDX_DEBUG). */
  readonly debug: boolean;
  /** Colours for what goes to standard output. */
  readonly paint: Paint;
  /** The reader of the results has gone: there is no use in going on. */
  readonly isClosed: () => boolean;
  /** The exit code of a run that came to `code`: another one if the results could not be written. */
  readonly exitCode: (code: ExitCode) => ExitCode;
}

/** What the options for all commands say. */
export interface OutputOptions {
  readonly quiet?: boolean;
  readonly progress?: boolean;
  /** `false` is what `--no-color` says. */
  readonly color?: 'auto' | 'always' | 'never' | false;
}

/** Output that can be told its options when they are known. */
export interface ConfigurableOutput extends Output {
  readonly configure: (options: OutputOptions) => void;
}

/** What is needed of a process; `process` itself, but for tests. */
export interface Host {
  readonly stdout: HostStream;
  readonly stderr: HostStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Set to what the process is to exit with. */
  exitCode?: NodeJS.Process['exitCode'];
}

/**
 * Whether results are coloured. The option decides; then FORCE_COLOR before NO_COLOR, as Node does it; then
 * CLICOLOR_FORCE and CLICOLOR; otherwise they are on a terminal.
 */
export function wantsColor(env: Host['env'], isTerminal: boolean, option: OutputOptions['color'] = 'auto'): boolean {
  if (option !== 'auto') return option === 'always';
  const { FORCE_COLOR: force, NO_COLOR: no = '', CLICOLOR_FORCE: cliForce = '0', CLICOLOR: cli, TERM: terminal } = env;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (no !== '') return false;
  if (cliForce !== '' && cliForce !== '0') return true;
  return isTerminal && terminal !== 'dumb' && cli !== '0';
}

/** The descriptors of a process's streams, where it has them. */
export interface Descriptors {
  readonly stdout?: number;
  readonly stderr?: number;
}

/** Output to the streams of a process. A broken pipe ends it quietly; anything else that goes wrong is said once. */
export function openOutput(host: Host, { stdout, stderr }: Descriptors = {}): ConfigurableOutput {
  const { env } = host;
  let closed = false;
  let failed = false;
  let options: OutputOptions = {};
  let opened: HostStream | undefined;
  // Standard error, which a process makes when it is asked for.
  const words = (): HostStream => (opened ??= host.stderr.on('error', () => undefined));
  const error = (line: string): void => {
    words().write(String(shown`vhdx: ${line}\n`));
  };
  const { isTerminal, write: sink } = openSink(
    () => host.stdout,
    stdout,
    ({ code, message }: NodeJS.ErrnoException) => {
      closed = true;
      if (failed || code === 'EPIPE') return;
      failed = true;
      error(`cannot write the results: ${message}`);
      // The stream may find out only after the command is done.
      host.exitCode = ExitCode.COULD_NOT_RUN;
    },
  );
  const write: Output['write'] = (text) => {
    if (!closed) sink(String(text), () => undefined);
  };
  let colored = wantsColor(env, isTerminal);
  return {
    configure: (given) => {
      options = given;
      colored = wantsColor(env, isTerminal, given.color);
    },
    write,
    notice: (text) => {
      if (options.quiet !== true) write(text);
    },
    send: (text) =>
      new Promise((resolve) => {
        if (closed) resolve();
        else sink(String(text), () => resolve());
      }),
    sendAll: (bytes) =>
      new Promise((resolve, reject) => {
        sink(bytes, (cause) => {
          if (cause === undefined || cause === null) return resolve();
          // Before the stream's own event, which need not say it again.
          closed = failed = true;
          reject(cause);
        });
      }),
    isTerminal,
    get showsProgress() {
      return options.progress !== false && options.quiet !== true && isTerminalStream(words, stderr);
    },
    get isQuiet() {
      return options.quiet === true;
    },
    error,
    warn: (line) => {
      if (options.quiet !== true) error(line);
    },
    debug: (env['VHDX_DEBUG'] ?? '') !== '',
    paint: (style, text) => (colored ? styled(style, text) : shown`${text}`),
    isClosed: () => closed,
    exitCode: (code) => (failed ? ExitCode.COULD_NOT_RUN : code),
  };
}
