/** Opens images: files, and what is at URLs. */
import { existsSync } from 'node:fs';
import { type ByteSource, VhdxError } from '../../index.js';
import { openFile, systemPath } from '../../node.js';
import { blockingSource } from './blocking-source.js';
import type { HeaderOptions } from './http-headers.js';
import { bareUrl, isUrl, shownName } from './image-name.js';

/** How images on servers are read. */
export interface SourceCommandOptions extends HeaderOptions {
  readonly retries?: number;
  /** Seconds. */
  readonly timeout?: number;
  /** Bytes of one image that are fetched at most. */
  readonly maxBytes?: number;
  /** Whether the thread may wait for each read of a file, because it has nothing else to do. */
  readonly isAlone?: boolean;
}

/** An image that has been opened; to be closed. */
export type ImageSource = ByteSource & { close(): Promise<void> };

async function openAddress(name: string, options: SourceCommandOptions): Promise<ImageSource> {
  if (!URL.canParse(name)) {
    throw new VhdxError('VHDX_SOURCE_NOT_FOUND', { message: `Cannot read ${bareUrl(name)}: it is no URL.` });
  }
  const [{ headersFor }, { openUrl }] = await Promise.all([import('./http-headers.js'), import('../../io.js')]);
  const url = new URL(name);
  const headers = headersFor(url, options, process.env);
  // They have become a header.
  url.username = url.password = '';
  const { retries, timeout, maxBytes } = options;
  return openUrl(url, { headers, retries, timeout: timeout === undefined ? undefined : timeout * 1000, maxBytes });
}

/** @throws VhdxError for an address of another kind (`s3://bucket/key`), unless it is a file that is there */
function requireFile(name: string): void {
  const [, scheme] = /^([a-z][a-z0-9+.-]+):\/\//i.exec(name) ?? [];
  if (scheme === undefined || existsSync(systemPath(name))) return;
  throw new VhdxError('VHDX_SOURCE_NOT_FOUND', {
    message: `Images are read from files and from http: and https: URLs (presigned ones for object storage), not from ${scheme}: URLs.`,
  });
}

/**
 * Opens an image for reading: a file, or what is at an address.
 *
 * @throws VhdxError as `openFile` and `openUrl`, VHDX_SOURCE_NOT_A_FILE for standard input; UsageError for headers that
 * cannot be
 */
export async function openSource(name: string, options: SourceCommandOptions): Promise<ImageSource> {
  if (isUrl(name)) return openAddress(name, options);
  if (name === '-') {
    throw new VhdxError('VHDX_SOURCE_NOT_A_FILE', {
      message:
        'Cannot read an image from standard input (-): it is not read from its beginning to its end, so it has to be a file or a URL; a file of this name is ./-.',
    });
  }
  requireFile(name);
  const file = await openFile(name);
  return options.isAlone === true ? blockingSource(file) : file;
}

/** The name of an open image as it is printed; empty if it has none. */
export function nameOfSource({ path, identity }: ByteSource): string {
  return path ?? (identity !== undefined && isUrl(identity) ? shownName(identity) : '');
}
