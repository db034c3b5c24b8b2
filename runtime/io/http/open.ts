/** The first request to an HTTP server: size, validator, ranges. */
import { httpError, readContentRange, readValidator, requireUsable, type Validator } from './response.js';
import { readPart, readWhole } from './body.js';
import type { Exchange, HttpConnection } from './connection.js';
import { TransientError } from './retry.js';
import { sizeText } from '../../base/units.js';

/** What opening has found out. */
export interface Opened {
  readonly size: number;
  readonly validator: Validator;
  /** The first bytes of the file, perhaps all. */
  readonly head: Uint8Array;
}

/** The answer of a server that does not know ranges, to the first request. */
async function openWhole(exchange: Exchange, url: string, limit: number): Promise<Opened> {
  const { response } = exchange;
  const declared = response.headers.get('content-length');
  const bound = limit === 0 ? '' : `, and no more than ${sizeText(limit)} are read at once`;
  const refuse = (size: string): never => {
    const what = `the server sends only the whole file (${size}), not parts of it${bound}`;
    throw httpError('VHDX_SOURCE_RANGES_UNSUPPORTED', url, what);
  };
  if (declared !== null && Number(declared) > limit) refuse(sizeText(Number(declared)));
  const head = await readWhole(exchange, limit);
  if (head === undefined)
    return refuse(declared === null ? 'of a length that it does not say' : sizeText(Number(declared)));
  if (declared !== null && head.length < Number(declared)) {
    throw new TransientError(`the answer ended after ${head.length} of ${declared} bytes`);
  }
  return { size: head.length, validator: readValidator(response), head };
}

export async function openAnswer(
  exchange: Exchange,
  connection: HttpConnection,
  asked: number,
  limit: number,
): Promise<Opened> {
  const { response } = exchange;
  const { shown } = connection;
  requireUsable(response, shown, connection.clock);
  if (response.status === 200) return openWhole(exchange, shown, limit);
  const validator = readValidator(response);
  if (response.status === 416) {
    // There is no first byte: the file is empty.
    if (response.headers.get('content-range')?.trim() === 'bytes */0')
      return { size: 0, validator, head: new Uint8Array() };
    throw httpError('VHDX_SOURCE_ANSWER_INVALID', shown, 'the server says that the file has no beginning (416)');
  }
  const range = readContentRange(response, 0, asked, shown);
  const head = new Uint8Array(range.end);
  const { failure } = await readPart(exchange, head, shown);
  if (failure !== undefined) throw failure;
  return { size: range.size, validator, head };
}
