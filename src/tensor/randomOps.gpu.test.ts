import { agreementTests, distributionTests } from "./random.devices.test";

distributionTests();
agreementTests();
