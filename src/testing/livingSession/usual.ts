/**
 * The seeds that the suite runs every time: the first sixty in a row that draw every kind of layer, activation, loss
 * and optimizer, two recurrent nets of more than 64 steps, one of them of more than 100, and models of many small dense
 * layers. A kind that is new may call for others: `draw.test.ts` says so.
 */
export const usual = { from: 14_060, count: 60 };
