import { planSuite } from "../../testing/planSuite";

planSuite("CPU:0");
