import { unit24 } from "../../base/randomKeys";

// Fitted by scripts/generate/fitNormal.py, lowest power first. shaders/functions/normal_quantile.wgsl contains the same numbers.
const central = [
  2.1233134269714355, 0.34880271553993225, -0.005907721351832151, -0.0017730683321133256, 0.0003087891673203558,
  -6.199391464178916e-6, -4.897925009572646e-6, 4.844033014705929e-7, 3.293115113933709e-8,
];
const tail = [
  4.006434440612793, 1.4165823459625244, 0.013342167250812054, -0.010797751136124134, 0.008161583915352821,
  -0.005132592748850584, 0.0018026864854618907, 8.251688996097073e-5, -0.00020093447528779507,
];

function polynomial(coefficients: readonly number[], v: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * v + coefficient, 0);
}

/** Converts 32 bits to a number in (0, 1): an odd multiple of 2^-24, so that neither end is drawn. */
export function openInterval(bits: number): number {
  return (2 * (bits >>> 9) + 1) * unit24;
}

/**
 * Returns the z below which a standard normal variable falls with probability `u`, 0 < u < 1, with a relative error of
 * 3e-7.
 */
export function normalQuantile(u: number): number {
  const x = 2 * u - 1;
  const w = -Math.log(4 * u * (1 - u));
  return x * (w < 5 ? polynomial(central, w - 2.5) : polynomial(tail, Math.sqrt(w) - 3));
}
