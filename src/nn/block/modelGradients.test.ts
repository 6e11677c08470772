import { modelGradientSuite } from "./modelGradients.devices.test";

modelGradientSuite("CPU:0");
