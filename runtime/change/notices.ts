/** What plans of several operations have to say. */

/** 2.2.2: a child knows its parent by the DataWriteGuid that it had. */
export const CHILDREN_NOTICE =
  'What users of the disk see changes, so DataWriteGuid becomes a new one: a differencing child of this image no longer takes it for its parent (2.2.2).';
