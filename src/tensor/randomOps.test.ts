import { argumentTests, distributionTests } from "./random.devices.test";

distributionTests();
argumentTests();
