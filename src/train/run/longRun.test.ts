import { longRunSuite } from "../../testing/longRunSuite";

longRunSuite("CPU:0");
