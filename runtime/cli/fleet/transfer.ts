/** Results on their way from one thread to another: classes of errors do not survive it. */
import { VhdxError } from '../../index.js';
import type { Examined, Timed } from './examine.js';
import { UsageError } from '../usage-error.js';

type Kind = 'vhdx' | 'usage' | 'bug';

/** An error as plain data. */
interface SentError extends Partial<Pick<VhdxError, 'code' | 'severity' | 'fileOffset'>> {
  readonly kind: Kind;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/** What became of an image in another thread. */
export type SentResult = { readonly milliseconds: number } & (
  | { readonly examined: Examined }
  | { readonly error: SentError }
);

export function sentError(error: unknown): SentError {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const common = { name, message, stack };
  if (error instanceof UsageError) return { kind: 'usage', ...common };
  if (!(error instanceof VhdxError)) return { kind: 'bug', ...common };
  const { code, severity, fileOffset } = error;
  return { kind: 'vhdx', code, severity, fileOffset, ...common };
}

function receivedError({ kind, name, message, stack, code, severity, fileOffset }: SentError): Error {
  const error =
    kind === 'usage'
      ? new UsageError(message)
      : code === undefined
        ? Object.assign(new Error(message), { name })
        : new VhdxError(code, { message, severity, fileOffset });
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** The result as it was before it was sent. */
export function received(result: SentResult): Timed {
  if ('examined' in result) return result;
  return { error: receivedError(result.error), milliseconds: result.milliseconds };
}
