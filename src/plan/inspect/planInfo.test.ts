import { dispatchSuite } from "../../testing/dispatchSuite";

dispatchSuite("CPU:0");
