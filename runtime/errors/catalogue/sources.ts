/** Errors of reading a file. Not faults of an image. */
export const SOURCES = {
  VHDX_SOURCE_NOT_FOUND: { summary: 'the file does not exist' },
  VHDX_SOURCE_NOT_PERMITTED: { summary: 'the file cannot be read: permission denied' },
  VHDX_SOURCE_IS_DIRECTORY: { summary: 'the path is a directory' },
  VHDX_SOURCE_NOT_A_FILE: { summary: 'the path is neither a regular file nor a block device' },
  VHDX_SOURCE_IO: { summary: 'the bytes could not be read' },
  VHDX_SOURCE_SHORT_READ: { summary: 'the source ended before all requested bytes were read' },
  VHDX_SOURCE_CHANGED: { summary: 'the file has changed since it was opened' },
  VHDX_SOURCE_RANGES_UNSUPPORTED: { summary: 'the server does not support range requests' },
  VHDX_SOURCE_REQUEST_REFUSED: { summary: 'the server refused the request' },
  VHDX_SOURCE_ANSWER_INVALID: { summary: 'the server sent a response that does not match the request' },
  VHDX_SOURCE_LIMIT_EXCEEDED: { summary: 'more bytes would have to be fetched than are allowed' },
  VHDX_SOURCE_UNAVAILABLE: { summary: 'the server could not be reached, or kept failing' },
} as const;

/** What the documentation adds to SOURCES. */
export const SOURCES_EXPLAINED = {
  VHDX_SOURCE_NOT_FOUND: {
    meaning: 'No file, or no resource at the URL, has this name.',
    advice: 'Check the path.',
    reportedBy: ['io/http', 'io/node'],
  },
  VHDX_SOURCE_NOT_PERMITTED: {
    meaning: 'The host, or the server, refuses to let this user read the file.',
    advice: 'Check the permissions of the file and of its folders.',
    reportedBy: ['io', 'io/http', 'io/node'],
  },
  VHDX_SOURCE_IS_DIRECTORY: {
    meaning: 'Only vhdx check takes directories; everything else reads one image file.',
    advice: 'Name an image file in the directory.',
    reportedBy: ['io/node'],
  },
  VHDX_SOURCE_NOT_A_FILE: {
    meaning: 'Pipes, sockets and character devices cannot be read at arbitrary offsets, which an image needs.',
    advice: 'Name an image file or a block device.',
    reportedBy: ['io/node'],
  },
  VHDX_SOURCE_IO: {
    meaning:
      'The host reported an error while it read the file. This says nothing about the image itself; a failing drive is a common reason.',
    advice: 'See the cause in the message, and try again.',
    reportedBy: ['disk', 'image', 'io', 'io/http', 'io/node'],
  },
  VHDX_SOURCE_SHORT_READ: {
    meaning: 'The file became shorter while it was read, or the source reports a larger size than it has.',
    advice: 'Make sure that no other program changes the file, and try again.',
    reportedBy: ['image', 'io', 'node'],
  },
  VHDX_SOURCE_CHANGED: {
    meaning:
      'Another program replaced or modified the file, so bytes read before and after the change do not belong together.',
    advice: 'Open the file again when no other program writes to it.',
    reportedBy: ['io', 'io/http', 'log'],
  },
  VHDX_SOURCE_RANGES_UNSUPPORTED: {
    meaning: 'An image is read in parts. The server ignores the Range header and sends the whole file.',
    advice: 'Use a server that supports range requests, or download the file first.',
    reportedBy: ['io/http'],
  },
  VHDX_SOURCE_REQUEST_REFUSED: {
    meaning: 'The server answered with an HTTP status that repeating the request would not change.',
    advice: 'See the HTTP status in the message.',
    reportedBy: ['io/http'],
  },
  VHDX_SOURCE_ANSWER_INVALID: {
    meaning: 'The response has another range, length or encoding than requested, so its bytes cannot be trusted.',
    advice: 'Check for a proxy that changes responses, or download the file first.',
    reportedBy: ['io/http'],
  },
  VHDX_SOURCE_LIMIT_EXCEEDED: {
    meaning: 'Reading on would fetch more bytes than the caller allows (--max-bytes, or maxBytes of the library).',
    advice: 'Allow more, or look at the image where it is stored.',
    reportedBy: ['io/http'],
  },
  VHDX_SOURCE_UNAVAILABLE: {
    meaning: 'The connection failed, timed out, or returned server errors, also after the retries.',
    advice: 'Try again later.',
    reportedBy: ['io/http'],
  },
} as const;
