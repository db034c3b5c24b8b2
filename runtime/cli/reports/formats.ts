/** The forms of the report of `check`, in the order of the help. */
export const FORMATS = ['text', 'json', 'ndjson', 'junit', 'sarif', 'github', 'markdown', 'html'] as const;
export type Format = (typeof FORMATS)[number];
