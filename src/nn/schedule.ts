/** A learning rate that changes: a pure function of the steps already taken, 0 at the first step, as in Keras. */
export type Schedule = (step: number) => number;
