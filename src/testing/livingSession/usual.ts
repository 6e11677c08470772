/**
 * Seeds that every test run covers: the first sixty in a row that draw every kind of layer, activation, loss and
 * optimizer, two recurrent nets of more than 64 time steps, one of them of more than 100, and models of many small
 * dense layers. A new kind may require others: see `draw.test.ts`.
 */
export const usual = { from: 14_060, count: 60 };
