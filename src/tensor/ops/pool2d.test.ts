import { poolSuite } from "../../testing/poolSuite";

poolSuite("CPU:0");
