/** Takes what a salvage takes for granted although it cannot be known, as a sentence. */
export type Assume = (assumption: string) => void;
