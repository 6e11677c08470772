import { agreementTests, distributionTests } from "../testing/randomSuite";

distributionTests();
agreementTests();
