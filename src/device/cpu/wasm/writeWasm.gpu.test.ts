// Runs in the browser, whose engine has relaxed SIMD.
import { wasmSuite } from "../../../testing/wasmSuite";

wasmSuite({ fuses: true });
