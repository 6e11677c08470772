import { wasmSuite } from "../../../testing/wasmSuite";

wasmSuite({ fuses: false });
