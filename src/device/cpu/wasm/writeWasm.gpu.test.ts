// Runs in the browser, whose engine has relaxed SIMD.
import { wasmSuite } from "./writeWasm.devices.test";

wasmSuite({ fuses: true });
