/** What expressions see of a stream that is being written. */
import { KaitaiStream } from './stream.js';
import { WriteError } from './write-error.js';

/** The writer of such a stream. */
interface StreamWriter {
  /** Position in the stream, as expressions see it. */
  readonly statedPos: number;
  /** Size of the stream. */
  readonly size: number;
}

export class WrittenStream extends KaitaiStream {
  readonly writer: StreamWriter;

  constructor(writer: StreamWriter) {
    super(new Uint8Array(0));
    this.writer = writer;
    this.pos = writer.statedPos;
  }

  override get size(): number {
    return this.writer.size;
  }

  override isEof(): boolean {
    return this.pos >= this.writer.size;
  }

  override seek(position: number): void {
    throw new WriteError(`at ${position}`, 'given: an instance that is read from there is needed to write', undefined);
  }
}
