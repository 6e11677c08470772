import { repeatedFitSuite } from "../../testing/repeatedFitSuite";

repeatedFitSuite("CPU:0");
