import { modelGradientSuite } from "../../testing/modelGradientSuite";

modelGradientSuite("CPU:0");
