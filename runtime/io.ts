/** Sources and targets of bytes, and reading from them. */
export { BlobSource } from './io/blob-source.js';
export { type ByteSource, readAvailable, readExactly, readInto, type SourceReadOptions } from './io/byte-source.js';
export type { ByteTarget } from './io/byte-target.js';
export { type CacheOptions, CachedSource } from './io/cached-source.js';
export type { FetchFunction } from './io/http/connection.js';
export { HttpSource, type HttpSourceOptions, openUrl, type OpenUrlOptions } from './io/http/http-source.js';
export type { Clock } from './io/http/retry.js';
export { MemorySource } from './io/memory-source.js';
export { MemoryTarget } from './io/memory-target.js';
export { type Bytes, toByteSource } from './io/to-byte-source.js';
