/** Assumptions of a salvage. */
/** Receives an assumption that a salvage makes, as a sentence. */
export type Assume = (assumption: string) => void;
